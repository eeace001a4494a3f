/** One object of a listing. Keys are relative to the prefix of the store. */
export interface BucketEntry {
  readonly key: string;
  readonly etag: string;
  readonly bytes: number;
}

/** A small object as text, and the server's times: when it was written, and what its clock says now. */
export interface BucketText {
  readonly text: string;
  readonly etag: string;
  readonly modified_ms: number;
  readonly now_ms: number;
}

/** What became of a download. */
export interface Downloaded {
  readonly etag: string;
  /** SHA-256 of the bytes that arrived, and the one that the writer noted; absent on objects that other tools wrote. */
  readonly sha256: string;
  readonly noted_sha256: string | undefined;
}

/** A file to upload, hashed before. */
export interface FileToPut {
  readonly path: string;
  readonly sha256: string;
}

/** What a write expects to find in its place: nothing, or the object with this ETag. */
export type Expected = 'nothing' | { readonly etag: string };

/** The few things that a store asks of S3. Every method throws store_denied, store_missing or store_unavailable. */
export interface Bucket {
  /** For people: `s3://bucket/prefix`, without an end. */
  readonly where: string;
  /** All objects whose keys begin with `prefix`, sorted; one request for each thousand. */
  list(prefix: string): Promise<BucketEntry[]>;
  /** Names right below `folder` (empty, or with `/` at its end), sorted, those of folders among them. */
  names(folder: string): Promise<string[]>;
  /** A small object; undefined when there is none, `unchanged` when its ETag is still `known`. */
  read(key: string, known?: string): Promise<BucketText | 'unchanged' | undefined>;
  /** Writes an object to the file `to`, a piece at a time; undefined when there is none. */
  download(key: string, to: string): Promise<Downloaded | undefined>;
  /**
   * Writes an object whole, or leaves what is there.
   * @returns its ETag; undefined when what stands in its place is not what was expected, and not these bytes either
   */
  put(key: string, data: string | FileToPut, expected: Expected): Promise<string | undefined>;
  /** Removes an object; nothing happens when there is none. */
  remove(key: string): Promise<void>;
  close(): void;
}
