{{/* Head of a NetworkPolicy for the pods of a component, with its name. Takes a list: root, component. */}}
{{- define "pokewatch.policyHead" -}}
{{- $root := index . 0 -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "pokewatch.name" (index . 1) }}
  namespace: {{ $root.Release.Namespace }}
  labels:
    {{- include "pokewatch.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "pokewatch.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
{{- end }}

{{/* A peer: the pods of some components. Takes a list: root, components. */}}
{{- define "pokewatch.peer" -}}
- podSelector:
    matchLabels:
      app.kubernetes.io/name: pokewatch
      app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
    matchExpressions:
      - {key: app.kubernetes.io/component, operator: In, values: {{ toJson (index . 1) }}}
{{- end }}

{{/* TCP ports. */}}
{{- define "pokewatch.ports" -}}
{{- range $index, $port := . }}
{{- if $index }}{{ "\n" }}{{ end -}}
- {protocol: TCP, port: {{ include "pokewatch.text" $port }}}
{{- end }}
{{- end }}

{{/* What the users of the store may reach, where it is a bucket. */}}
{{- define "pokewatch.storeEgress" -}}
{{- if .Values.s3.enabled -}}
- to: [{ipBlock: {cidr: {{ .Values.networkPolicy.s3CIDR }}}}]
  ports:
    {{- include "pokewatch.ports" .Values.networkPolicy.s3Ports | nindent 4 }}
{{- end }}
{{- end }}

{{/* Who may read metrics, as a peer. */}}
{{- define "pokewatch.metricsPeer" -}}
{{- with .Values.networkPolicy.metricsNamespaceLabels -}}
- namespaceSelector:
    matchLabels:
      {{- toYaml . | nindent 6 }}
{{- end }}
{{- end }}
