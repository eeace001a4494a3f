{{/* Values that contradict each other end the rendering, with what to do. */}}
{{- define "pokewatch.check" -}}
{{- $v := .Values -}}
{{- if and $v.s3.enabled (not $v.s3.bucket) -}}
{{- fail "s3.enabled needs s3.bucket: the name of the bucket that holds the store." -}}
{{- end -}}
{{- if not (or $v.s3.enabled $v.persistence.enabled) -}}
{{- fail "The jobs and the model service meet in the store: set persistence.enabled or s3.enabled." -}}
{{- end -}}
{{- if and $v.auth.enabled (not (or $v.auth.keysSecret $v.secrets.API_KEYS $v.secrets.existingSecret)) -}}
{{- fail "auth.enabled asks for keys, but there are none: set auth.keysSecret (a Secret with keys.json), secrets.API_KEYS, or secrets.existingSecret with the key API_KEYS." -}}
{{- end -}}
{{- if and $v.redis.enabled $v.secrets.REDIS_URL -}}
{{- fail "redis.enabled runs a Redis of the chart, secrets.REDIS_URL names another one: leave one of them out." -}}
{{- end -}}
{{- if and $v.mlflow.enabled $v.settings.MLFLOW_TRACKING_URI -}}
{{- fail "mlflow.enabled runs an MLflow of the chart, settings.MLFLOW_TRACKING_URI names another one: leave one of them out." -}}
{{- end -}}
{{- if and $v.model.autoscaling.enabled (gt (int $v.model.autoscaling.minReplicas) (int $v.model.autoscaling.maxReplicas)) -}}
{{- fail "model.autoscaling.minReplicas is above model.autoscaling.maxReplicas." -}}
{{- end -}}
{{- end }}
