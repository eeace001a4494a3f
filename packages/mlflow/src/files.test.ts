import { expect, test } from 'vitest';
import { checkPlace, proxyUrl } from './files.ts';

test.each([
  [
    'http://a:5000',
    'mlflow-artifacts:/1/ab/artifacts',
    'http://a:5000/api/2.0/mlflow-artifacts/artifacts/1/ab/artifacts',
  ],
  ['https://a/x.mlflow', 'mlflow-artifacts:/1/b', 'https://a/x.mlflow/api/2.0/mlflow-artifacts/artifacts/1/b'],
  ['http://a:5000', 'mlflow-artifacts://files:81/1/b', 'http://files:81/api/2.0/mlflow-artifacts/artifacts/1/b'],
])('behind %s, %s is %s', (server, artifact_uri, url) => {
  expect(proxyUrl(server, artifact_uri)).toBe(url);
});

test('a place that only the machine of MLflow can write is refused before anything is made', () => {
  checkPlace('mlflow-artifacts:/1');
  checkPlace('s3://bucket/1');
  for (const place of ['file:///mlruns/1', '/mlruns/1', 'gs://bucket/1', 'dbfs:/x'])
    expect(() => checkPlace(place)).toThrow(
      expect.objectContaining({ kind: 'refused', message: expect.stringMatching(/--artifacts-destination/) }),
    );
});
