{{/* Security of a pod: what the policy "restricted" asks for. */}}
{{- define "pokewatch.podSecurity" -}}
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- end }}

{{/* Security of every container. */}}
{{- define "pokewatch.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end }}

{{/* Labels and annotations of a pod. Takes a dict: root, component, annotations, store (it uses the store). */}}
{{- define "pokewatch.podMetadata" -}}
labels:
  {{- include "pokewatch.podLabels" (list .root .component) | nindent 2 }}
  {{- if .store }}
  {{- include "pokewatch.storeLabel" .root | nindent 2 }}
  {{- end }}
  {{- with .root.Values.pods.labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with merge (dict) (.annotations | default dict) .root.Values.pods.annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Where a pod may run, and for whom. Takes a list: root, values of the component. */}}
{{- define "pokewatch.scheduling" -}}
{{- $root := index . 0 -}}
{{- $own := index . 1 -}}
enableServiceLinks: false
{{- with $root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $root.Values.pods.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with merge (deepCopy $own.nodeSelector) $root.Values.pods.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with concat $root.Values.pods.tolerations $own.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Affinity; pods that mount a volume of one node run where the others do. Takes a list: root, affinity of the component, store (it uses the store). */}}
{{- define "pokewatch.affinity" -}}
{{- $root := index . 0 -}}
{{- $together := dict -}}
{{- if and (index . 2) (eq (include "pokewatch.oneNode" $root) "true") -}}
{{- $match := dict "app.kubernetes.io/name" "pokewatch" "app.kubernetes.io/instance" $root.Release.Name "pokewatch.io/store" "volume" -}}
{{- $term := dict "topologyKey" "kubernetes.io/hostname" "labelSelector" (dict "matchLabels" $match) -}}
{{- $together = dict "podAffinity" (dict "requiredDuringSchedulingIgnoredDuringExecution" (list $term)) -}}
{{- end -}}
{{- with mergeOverwrite $together (deepCopy (index . 1)) -}}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* "true" when the store is on a volume that only one node can mount. */}}
{{- define "pokewatch.oneNode" -}}
{{ and (not .Values.s3.enabled) (eq .Values.persistence.accessMode "ReadWriteOnce") }}
{{- end }}

{{/* Label of pods that use the store. */}}
{{- define "pokewatch.storeLabel" -}}
pokewatch.io/store: {{ ternary "s3" "volume" .Values.s3.enabled }}
{{- end }}

{{/* Mount of the store. Takes a list: root, read only. */}}
{{- define "pokewatch.storeMount" -}}
{{- if (index . 0).Values.s3.enabled -}}
- {name: cache, mountPath: /cache}
{{- else -}}
- {name: data, mountPath: /data, readOnly: {{ index . 1 }}}
{{- end }}
{{- end }}

{{/* Volume of the store. */}}
{{- define "pokewatch.storeVolume" -}}
{{- if .Values.s3.enabled -}}
- name: cache
  # What is built and not yet sent lies there too.
  emptyDir: {sizeLimit: {{ div (mul (int .Values.s3.cacheMegabytes) 3) 2 }}M}
{{- else -}}
- name: data
  persistentVolumeClaim: {claimName: {{ include "pokewatch.claim" . }}}
{{- end }}
{{- end }}

{{- define "pokewatch.keysMount" -}}
{{- if and .Values.auth.enabled .Values.auth.keysSecret -}}
- {name: keys, mountPath: /keys, readOnly: true}
{{- end }}
{{- end }}

{{- define "pokewatch.keysVolume" -}}
{{- if and .Values.auth.enabled .Values.auth.keysSecret -}}
- name: keys
  secret: {secretName: {{ .Values.auth.keysSecret }}, defaultMode: 288} # r--r-----
{{- end }}
{{- end }}
