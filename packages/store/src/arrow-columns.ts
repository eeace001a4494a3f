import {
  type DataType,
  Dictionary,
  Field,
  Int32,
  makeData,
  makeVector,
  RecordBatch,
  Schema,
  Struct,
  Table,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';

/** A column of numbers as it stands in memory and in files. */
export type TypedColumn = Float64Array | Float32Array | Int32Array | Uint8Array | Uint16Array | Uint32Array;

/** An Arrow table of columns of the same length, none of them with nulls. */
export function typedTable(columns: Record<string, TypedColumn>, metadata: Record<string, string> = {}): Table {
  const vectors = Object.entries(columns).map(([name, values]) => [name, makeVector(values)] as const);
  const fields = vectors.map(([name, vector]) => new Field(name, vector.type as DataType, false));
  const schema = new Schema(fields, new Map(Object.entries(metadata)));
  const length = Object.values(columns)[0]?.length ?? 0;
  const data = makeData({
    type: new Struct(fields),
    length,
    nullCount: 0,
    children: vectors.map(([, vector]) => vector.data[0]!),
  });
  return new Table(schema, [new RecordBatch(schema, data)]);
}

/** A column by name, without a copy. @throws when it is not there */
export function typedColumn<T extends TypedColumn>(table: Table, name: string): T {
  const column = table.getChild(name);
  if (column === null) throw new Error(`no column ${name}`);
  return column.toArray() as T;
}

/** A column of texts. `id` tells the dictionaries of a file apart; left to the library, it would count up with every file of the process. */
export function texts(id: number, values: readonly string[]) {
  return vectorFromArray(values as string[], new Dictionary(new Utf8(), new Int32(), id));
}

/** A column of texts by name. @throws when it is not there */
export function textColumn(table: Table, name: string): string[] {
  const column = table.getChild(name);
  if (column === null) throw new Error(`no column ${name}`);
  const [data] = column.data;
  if (data?.dictionary === undefined || column.data.length !== 1 || column.nullCount > 0)
    return Array.from(column as Iterable<string>);
  // Each text is decoded once, however many cards have it.
  const distinct = Array.from(data.dictionary as Iterable<string>);
  return Array.from((data.values as Int32Array).subarray(0, column.length), (index) => distinct[index]!);
}
