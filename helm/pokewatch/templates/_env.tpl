{{/* A setting as text; whole numbers stay whole, although Helm reads all numbers as fractions. */}}
{{- define "pokewatch.text" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) -}}{{ int64 . }}{{- else -}}{{ toString . }}{{- end -}}
{{- end }}

{{/* An entry of `env` from the Secret. It may be absent there. Takes a list: root, name. */}}
{{- define "pokewatch.secretEnv" -}}
- name: {{ index . 1 }}
  valueFrom:
    secretKeyRef: {name: {{ include "pokewatch.secretName" (index . 0) }}, key: {{ index . 1 }}, optional: true}
{{- end }}

{{/* Where the store is: a folder of the volume, or a bucket with a local cache. */}}
{{- define "pokewatch.storeEnv" -}}
{{- if .Values.s3.enabled -}}
- name: POKEWATCH_DATA
  value: {{ printf "s3://%s/%s" .Values.s3.bucket (trimAll "/" .Values.s3.prefix) | trimSuffix "/" | quote }}
{{- with .Values.s3.endpoint }}
- name: POKEWATCH_S3_ENDPOINT
  value: {{ . | quote }}
{{- end }}
- name: POKEWATCH_S3_REGION
  value: {{ .Values.s3.region | quote }}
- name: POKEWATCH_S3_CACHE
  value: /cache
- name: POKEWATCH_S3_CACHE_MB
  value: {{ include "pokewatch.text" .Values.s3.cacheMegabytes | quote }}
{{- range list "AWS_ACCESS_KEY_ID" "AWS_SECRET_ACCESS_KEY" "AWS_SESSION_TOKEN" }}
{{ include "pokewatch.secretEnv" (list $ .) }}
{{- end }}
{{- else -}}
- name: POKEWATCH_DATA
  value: /data
{{- end }}
{{- end }}

{{/* Environment of all services. */}}
{{- define "pokewatch.serviceEnv" -}}
- name: POKEWATCH_HOST
  value: 0.0.0.0
- name: POKEWATCH_DRAIN_MS
  value: {{ mul (int .Values.pods.drainSeconds) 1000 | quote }}
{{- end }}

{{/* Environment of the services that ask for keys. */}}
{{- define "pokewatch.authEnv" -}}
{{- if .Values.auth.enabled -}}
- name: AUTH_ENABLED
  value: "true"
{{ include "pokewatch.secretEnv" (list . "API_KEYS") }}
{{- if .Values.auth.keysSecret }}
- name: POKEWATCH_KEYS
  value: /keys/keys.json
{{- end }}
{{- end -}}
{{- end }}

{{/* Environment of those that call `/reload`. */}}
{{- define "pokewatch.reloadEnv" -}}
- name: MODEL_SERVICE_URL
  value: http://model-service:3000
{{- if .Values.auth.enabled }}
{{ include "pokewatch.secretEnv" (list . "POKEWATCH_RELOAD_KEY") }}
{{ include "pokewatch.secretEnv" (list . "API_KEYS") }}
{{- end }}
{{- end }}

{{/* The settings as data of a ConfigMap. */}}
{{- define "pokewatch.settingsText" -}}
{{- range $name, $value := .Values.settings }}
  {{ $name }}: {{ include "pokewatch.text" $value | quote }}
{{- else }} {}
{{- end }}
{{- end }}
