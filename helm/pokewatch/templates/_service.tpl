{{/*
A Deployment of one of the three services. Takes a dict: root, component, image, env (text), mounts (text), volumes (text), store
(it uses the store), and replicas (absent: an autoscaler decides).
*/}}
{{- define "pokewatch.deployment" -}}
{{- $root := .root -}}
{{- $values := get $root.Values .component -}}
{{- $port := include "pokewatch.port" .component -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "pokewatch.name" .component }}
  namespace: {{ $root.Release.Namespace }}
  labels:
    {{- include "pokewatch.labels" (list $root .component) | nindent 4 }}
spec:
  {{- if hasKey . "replicas" }}
  replicas: {{ .replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  # The model service is not ready before the first model is.
  progressDeadlineSeconds: 1800
  # A new pod is ready before an old one goes.
  strategy:
    type: RollingUpdate
    rollingUpdate: {maxSurge: 1, maxUnavailable: 0}
  selector:
    matchLabels:
      {{- include "pokewatch.selector" (list $root .component) | nindent 6 }}
  template:
    metadata:
      {{- $annotations := dict "checksum/settings" (include "pokewatch.settingsText" $root | sha256sum) }}
      {{- $_ := set $annotations "checksum/secrets" (toYaml (omit $root.Values.secrets "existingSecret") | sha256sum) }}
      {{- if $root.Values.monitoring.scrapeAnnotations }}
      {{- $_ := merge $annotations (dict "prometheus.io/scrape" "true" "prometheus.io/port" $port "prometheus.io/path" "/metrics") }}
      {{- end }}
      {{- include "pokewatch.podMetadata" (dict "root" $root "component" .component "store" .store "annotations" $annotations) | nindent 6 }}
    spec:
      serviceAccountName: {{ ternary "pokewatch-store" "pokewatch" (.store | default false) }}
      automountServiceAccountToken: false
      {{- include "pokewatch.scheduling" (list $root $values) | nindent 6 }}
      {{- with include "pokewatch.affinity" (list $root $values.affinity .store) }}
      {{- . | nindent 6 }}
      {{- end }}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "pokewatch.selector" (list $root .component) | nindent 14 }}
          matchLabelKeys: [pod-template-hash]
      # Endpoints forget the pod, then it drains, then requests that are left get 4 s.
      terminationGracePeriodSeconds: {{ add (int $values.preStopSeconds) (int $root.Values.pods.drainSeconds) 10 }}
      {{- include "pokewatch.podSecurity" . | nindent 6 }}
      containers:
        - name: {{ .component }}
          image: {{ include "pokewatch.image" (list $root .image) }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          {{- include "pokewatch.containerSecurity" . | nindent 10 }}
          envFrom:
            - configMapRef: {name: pokewatch-settings}
          env:
            {{- include "pokewatch.serviceEnv" $root | nindent 12 }}
            {{- with .env }}
            {{- . | nindent 12 }}
            {{- end }}
          ports:
            - {name: http, containerPort: {{ $port }}}
          # Started: the process answers. A model may still be on its way; that is a matter of readiness.
          startupProbe:
            httpGet: {path: /livez, port: http}
            periodSeconds: 1
            timeoutSeconds: 2
            failureThreshold: 120
          # Alive: it has answered within the last minute. Knows nothing of other services, so their failure restarts nothing; and a node
          # that is short of processor time does not get more of it when pods are started again.
          livenessProbe:
            httpGet: {path: /livez, port: http}
            periodSeconds: 10
            timeoutSeconds: 10
            failureThreshold: 6
          # Ready: requests may come here. Off while it drains, and for the model service until it has a model.
          readinessProbe:
            httpGet: {path: /readyz, port: http}
            periodSeconds: 3
            timeoutSeconds: 2
            failureThreshold: 2
          {{- with int $values.preStopSeconds }}
          lifecycle:
            preStop:
              sleep: {seconds: {{ . }}}
          {{- end }}
          resources:
            {{- toYaml $values.resources | nindent 12 }}
          volumeMounts:
            - {name: tmp, mountPath: /tmp}
            {{- with .mounts }}
            {{- . | nindent 12 }}
            {{- end }}
      volumes:
        - name: tmp
          emptyDir: {}
        {{- with .volumes }}
        {{- . | nindent 8 }}
        {{- end }}
{{- end }}

{{/* A disruption budget that never keeps a node from being drained. Takes a list: root, component. */}}
{{- define "pokewatch.disruptionBudget" -}}
{{- $root := index . 0 -}}
{{- if $root.Values.podDisruptionBudget.enabled -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "pokewatch.name" (index . 1) }}
  namespace: {{ $root.Release.Namespace }}
  labels:
    {{- include "pokewatch.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "pokewatch.selector" . | nindent 6 }}
{{- end }}
{{- end }}
