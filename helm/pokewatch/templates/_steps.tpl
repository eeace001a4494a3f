{{/*
The CronJob of one step. A retry does not mend a fault of the program (1), wrong input (2) or a refused model (3); it may mend a lock
that a killed run left (4), an exhausted quota (5), a time limit (6), lost memory. Takes a dict: root, component, args, env (text).
*/}}
{{- define "pokewatch.step" -}}
{{- $values := get .root.Values .component -}}
{{- $template := dict "account" "pokewatch-store" "backoffLimit" 3 "failJob" (list 1 2 3) "deadline" (add (int $values.limitSeconds) 120) -}}
{{- $_ := set $template "env" (include "pokewatch.stepEnv" .) -}}
{{- include "pokewatch.cronJob" (dict "root" .root "component" .component "jobTemplate" (include "pokewatch.jobTemplate" (merge $template .))) }}
{{- end }}

{{- define "pokewatch.stepEnv" -}}
- name: POKEWATCH_JOB_LIMIT_MS
  value: {{ mul (int (get .root.Values .component).limitSeconds) 1000 | quote }}
{{- with .env }}
{{ . }}
{{- end }}
{{- end }}

{{/* Template of the pipeline's Jobs, daily and first. It tries its steps again itself; only when it dies another pod takes the run over. Takes a list: root, arguments. */}}
{{- define "pokewatch.pipelineJob" -}}
{{- $root := index . 0 -}}
{{- $template := dict "account" "pipeline" "backoffLimit" 4 "failJob" (list 1 2 3 4 5 6) "deadline" (add (int $root.Values.pipeline.limitSeconds) 600) -}}
{{- $given := dict "root" $root "component" "pipeline" "args" (index . 1) "env" (include "pokewatch.pipelineEnv" $root) -}}
{{- include "pokewatch.jobTemplate" (merge $template $given) }}
{{- end }}

{{- define "pokewatch.pipelineEnv" -}}
- name: POKEWATCH_PIPELINE
  value: kubernetes
- name: POKEWATCH_PIPELINE_LIMIT_MS
  value: {{ mul (int .Values.pipeline.limitSeconds) 1000 | quote }}
- name: POKEWATCH_NAMESPACE
  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}
- name: POKEWATCH_POD
  valueFrom: {fieldRef: {fieldPath: metadata.name}}
- name: POKEWATCH_JOB
  valueFrom: {fieldRef: {fieldPath: "metadata.labels['batch.kubernetes.io/job-name']"}}
{{ include "pokewatch.reloadEnv" . }}
{{- end }}
