{{/* What a component is called in the cluster: the names of the original, without a release prefix. */}}
{{- define "pokewatch.name" -}}
{{- get (dict "gateway" "api-gateway" "model" "model-service" "decision" "decision-service") . | default . -}}
{{- end }}

{{/* The port a service listens on. */}}
{{- define "pokewatch.port" -}}
{{- get (dict "gateway" 8000 "model" 3000 "decision" 8001) . -}}
{{- end }}

{{/* Labels by which a component's pods are found. Takes a list: root, component. */}}
{{- define "pokewatch.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: pokewatch
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* Labels of a pod: nothing that changes with the chart alone, or every new chart would start all pods again. Takes a list: root, component. */}}
{{- define "pokewatch.podLabels" -}}
{{- $root := index . 0 -}}
{{ include "pokewatch.selector" . }}
app.kubernetes.io/part-of: pokewatch
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
{{- end }}

{{/* Labels of an object. Takes a list: root, component. */}}
{{- define "pokewatch.labels" -}}
{{- $root := index . 0 -}}
{{ include "pokewatch.podLabels" . }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version }}
{{- end }}

{{/* The image of `api`, `model`, `decision` or `batch`. Takes a list: root, image. */}}
{{- define "pokewatch.image" -}}
{{- $root := index . 0 -}}
{{- $image := $root.Values.image -}}
{{- $name := printf "%s/pokewatch-%s" $image.registry (index . 1) -}}
{{- with get $image.digests (index . 1) -}}
{{ $name }}@{{ . }}
{{- else -}}
{{ $name }}:{{ $image.tag | default $root.Chart.AppVersion }}
{{- end -}}
{{- end }}

{{- define "pokewatch.secretName" -}}
{{ .Values.secrets.existingSecret | default "pokewatch-secrets" }}
{{- end }}

{{- define "pokewatch.claim" -}}
{{ .Values.persistence.existingClaim | default "pokewatch-data" }}
{{- end }}

{{- define "pokewatch.configMap" -}}
{{ .Values.config.existingConfigMap | default "pokewatch-config" }}
{{- end }}
