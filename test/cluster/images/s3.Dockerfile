# An S3 server for the suite: the context is a folder with the program `versitygw`, built without cgo.
FROM scratch
COPY versitygw /versitygw
ENTRYPOINT ["/versitygw"]
