"""Receives traces as a collector does (OTLP over HTTP) and prints each span as a line of JSON.

What arrives is read by OpenTelemetry's own definitions: a field that they do not know, or of another kind, is refused with 400.
The port stands in the first line.
"""

import base64
import gzip
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

lines = threading.Lock()
IDS = {"traceId", "spanId", "parentSpanId"}


def bytes_of_ids(value):
    """OTLP writes ids in hex, where protobuf's JSON has base64."""
    if isinstance(value, list):
        return [bytes_of_ids(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: base64.b64encode(bytes.fromhex(each)).decode() if key in IDS else bytes_of_ids(each)
        for key, each in value.items()
    }


def read(body, content_type):
    request = ExportTraceServiceRequest()
    if content_type == "application/x-protobuf":
        request.ParseFromString(body)
    else:
        json_format.ParseDict(bytes_of_ids(json.loads(body)), request)
    return request


def attributes(pairs):
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value") or "string_value") for pair in pairs}


def spans(request):
    for of_resource in request.resource_spans:
        resource = attributes(of_resource.resource.attributes)
        for scope in of_resource.scope_spans:
            for span in scope.spans:
                yield {
                    "service": resource.get("service.name"),
                    "name": span.name,
                    "kind": span.SpanKind.Name(span.kind),
                    "trace_id": span.trace_id.hex(),
                    "span_id": span.span_id.hex(),
                    "parent": span.parent_span_id.hex(),
                    "links": [{"trace_id": link.trace_id.hex(), "span_id": link.span_id.hex()} for link in span.links],
                    "attributes": attributes(span.attributes),
                    "status": span.status.StatusCode.Name(span.status.code),
                    "nanoseconds": span.end_time_unix_nano - span.start_time_unix_nano,
                }


def say(what):
    with lines:
        sys.stdout.write(json.dumps(what) + "\n")
        sys.stdout.flush()


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.body()
        if self.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        try:
            found = list(spans(read(body, self.headers.get("content-type", ""))))
        except Exception as error:  # what is wrong goes to whoever reads the output
            say({"fault": str(error)})
            self.answer(400)
            return
        for span in found:
            say(span)
        self.answer(200 if self.path == "/v1/traces" else 404)

    def body(self):
        if self.headers.get("transfer-encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("content-length", "0")))
        pieces = []
        while size := int(self.rfile.readline(), 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    def answer(self, status):
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print(server.server_address[1], flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
# Whoever started it keeps this open; when they are gone, nobody reads on.
sys.stdin.read()
