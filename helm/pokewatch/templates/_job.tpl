{{/*
Template of a Job. Takes a dict: root, component, args, account, env (text), backoffLimit, failJob (exit codes that no retry
mends), deadline (seconds, for all tries).
*/}}
{{- define "pokewatch.jobTemplate" -}}
{{- $root := .root -}}
{{- $values := get $root.Values .component -}}
metadata:
  labels:
    {{- include "pokewatch.labels" (list $root .component) | nindent 4 }}
spec:
  backoffLimit: {{ .backoffLimit }}
  # The run itself stops before, with a report.
  activeDeadlineSeconds: {{ .deadline }}
  ttlSecondsAfterFinished: {{ mul (int $root.Values.jobs.keepDays) 86400 }}
  podReplacementPolicy: Failed
  podFailurePolicy:
    rules:
      - action: Ignore
        onPodConditions: [{type: DisruptionTarget, status: "True"}]
      - action: FailJob
        onExitCodes: {containerName: {{ .component }}, operator: In, values: {{ toJson .failJob }}}
  template:
    metadata:
      {{- include "pokewatch.podMetadata" (dict "root" $root "component" .component "store" true) | nindent 6 }}
    spec:
      restartPolicy: Never
      serviceAccountName: {{ .account }}
      automountServiceAccountToken: {{ eq .account "pipeline" }}
      {{- include "pokewatch.scheduling" (list $root $values) | nindent 6 }}
      {{- with include "pokewatch.affinity" (list $root dict true) }}
      {{- . | nindent 6 }}
      {{- end }}
      terminationGracePeriodSeconds: 30
      {{- include "pokewatch.podSecurity" . | nindent 6 }}
      containers:
        - name: {{ .component }}
          image: {{ include "pokewatch.image" (list $root "batch") }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          args: {{ toJson .args }}
          {{- include "pokewatch.containerSecurity" . | nindent 10 }}
          envFrom:
            - configMapRef: {name: pokewatch-settings}
          env:
            {{- include "pokewatch.storeEnv" $root | nindent 12 }}
            - name: POKEWATCH_CARDS
              value: /config/cards.yaml
            {{- with .env }}
            {{- . | nindent 12 }}
            {{- end }}
          resources:
            {{- toYaml $values.resources | nindent 12 }}
          volumeMounts:
            - {name: tmp, mountPath: /tmp}
            - {name: config, mountPath: /config, readOnly: true}
            {{- include "pokewatch.storeMount" (list $root false) | nindent 12 }}
      volumes:
        - name: tmp
          emptyDir: {}
        - name: config
          configMap: {name: {{ include "pokewatch.configMap" $root }}}
        {{- include "pokewatch.storeVolume" $root | nindent 8 }}
{{- end }}

{{/* A CronJob. Takes a dict: root, component, jobTemplate (text). */}}
{{- define "pokewatch.cronJob" -}}
{{- $values := get .root.Values .component -}}
apiVersion: batch/v1
kind: CronJob
metadata:
  name: {{ .component }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "pokewatch.labels" (list .root .component) | nindent 4 }}
spec:
  schedule: {{ $values.schedule | quote }}
  timeZone: Etc/UTC
  suspend: {{ $values.suspend }}
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 3600
  successfulJobsHistoryLimit: 3
  failedJobsHistoryLimit: 3
  jobTemplate:
    {{- .jobTemplate | nindent 4 }}
{{- end }}
