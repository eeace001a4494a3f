import { type DataType, Field, makeData, makeVector, RecordBatch, Schema, Struct, Table } from 'apache-arrow';

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
