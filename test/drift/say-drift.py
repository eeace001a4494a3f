"""Reads tables to compare as JSON from standard input and prints what Evidently says of them by default."""

import json
import math
import sys
import warnings

warnings.filterwarnings("ignore")

import pandas as pd  # noqa: E402
from evidently import Report  # noqa: E402
from evidently.presets import DataDriftPreset  # noqa: E402

SPECIAL = {"inf": math.inf, "-inf": -math.inf, None: math.nan}
DTYPES = {"float": "float64", "int": "int64", "bool": "bool", "text": "object"}


def series(kind, values):
    if kind in ("float", "int"):
        values = [SPECIAL.get(v, v) if not isinstance(v, (int, float)) else v for v in values]
        if kind == "int" and any(isinstance(v, float) for v in values):
            kind = "float"
    return pd.Series(values, dtype=DTYPES[kind])


def frame(columns, side):
    return pd.DataFrame({c["name"]: series(c["kind"], c[side]) for c in columns})


def say(table):
    options = {} if table["method"] is None else {"method": table["method"]}
    report = Report([DataDriftPreset(**options)], include_tests=True)
    said = json.loads(report.run(frame(table["columns"], "current"), frame(table["columns"], "reference")).json())
    out = {"columns": {}}
    drifted = {}
    for test in said["tests"]:
        if test["id"] == "drift":
            drifted[test["metric_config"]["params"]["column"]] = test["status"] == "FAIL"
        else:
            out["drifted"] = test["status"] == "FAIL"
    for metric in said["metrics"]:
        config = metric["config"]
        if "column" in config:
            name = config["column"]
            out["columns"][name] = {
                "method": config["method"],
                "threshold": config["threshold"],
                "score": metric["value"],
                "drifted": drifted[name],
            }
        else:
            out["count"], out["share"] = metric["value"]["count"], metric["value"]["share"]
    return out


json.dump([say(table) for table in json.load(sys.stdin)], sys.stdout)
