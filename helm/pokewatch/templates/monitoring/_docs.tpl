{{/* A file of rules or dashboards, with its links to docs/ as the values say. Takes a list: root, bytes of the file. */}}
{{- define "pokewatch.withDocs" -}}
{{- replace "https://github.com/pokewatch/pokewatch/blob/main/docs/" (printf "%s/" (index . 0).Values.monitoring.docsUrl) (toString (index . 1)) -}}
{{- end }}
