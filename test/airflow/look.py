"""Loads the DAG as Airflow's DAG processor does, tries its decisions on Jobs and pods, and prints what it found as JSON."""

import importlib.util
import inspect
import json
import sys
from datetime import datetime, timezone
from types import SimpleNamespace

from kubernetes.client import models as k8s

try:  # Airflow 3.2 and later
    from airflow.dag_processing.dagbag import DagBag
except ImportError:
    from airflow.models import DagBag

try:  # Airflow 3
    from airflow.sdk.definitions.context import Context

    RESERVED = set(Context.__annotations__)
except ImportError:
    from airflow.utils.context import KNOWN_CONTEXT_KEYS as RESERVED

path = sys.argv[1]
bag = DagBag(path)
spec = importlib.util.spec_from_file_location("pokewatch_daily", path)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)


class Batch:
    """What the DAG asks of batch/v1."""

    def __init__(self, *jobs):
        self.jobs = list(jobs)
        self.asked = []

    def list_namespaced_job(self, namespace, label_selector):
        self.asked.append(label_selector)
        return SimpleNamespace(items=self.jobs)

    def read_namespaced_cron_job(self, name, namespace):
        pod = k8s.V1PodTemplateSpec(spec=k8s.V1PodSpec(containers=[k8s.V1Container(name=name, image="batch")]))
        template = k8s.V1JobTemplateSpec(
            metadata=k8s.V1ObjectMeta(labels={"app.kubernetes.io/component": name}),
            spec=k8s.V1JobSpec(backoff_limit=3, template=pod),
        )
        cron = k8s.V1CronJobSpec(schedule="@daily", job_template=template)
        return k8s.V1CronJob(metadata=k8s.V1ObjectMeta(name=name, uid="u-1"), spec=cron)

    def create_namespaced_job(self, namespace, job):
        return job


def job(name, condition=None):
    conditions = [k8s.V1JobCondition(type=condition, status="True", reason="R", message="M")] if condition else None
    return k8s.V1Job(metadata=k8s.V1ObjectMeta(name=name), status=k8s.V1JobStatus(conditions=conditions))


def pods(code, message):
    ended = k8s.V1ContainerStateTerminated(exit_code=code, message=message)
    status = k8s.V1ContainerStatus(
        name="main", image="batch", image_id="", ready=False, restart_count=0, state=k8s.V1ContainerState(terminated=ended)
    )
    made = k8s.V1ObjectMeta(creation_timestamp=datetime(2026, 1, 1, tzinfo=timezone.utc))
    pod = k8s.V1Pod(metadata=made, status=k8s.V1PodStatus(container_statuses=[status]))
    return SimpleNamespace(list_namespaced_pod=lambda namespace, label_selector: SimpleNamespace(items=[pod]))


def ended(condition, code, message='{"summary": "said"}'):
    try:
        return ["returns", module.outcome(pods(code, message), "train-1", job("train-1", condition))]
    except module.AirflowFailException as error:
        return ["fails for good", str(error)]
    except module.AirflowException as error:
        return ["fails", str(error)]


RUN = "scheduled__2026-04-06T02:00:00+00:00"
fresh = Batch()
made = module.job_of_run(fresh, "train", RUN)
dag = bag.dags.get("pokewatch_daily")
found = {
    "import_errors": {file: text for file, text in bag.import_errors.items()},
    "order": [[task.task_id, sorted(task.downstream_task_ids)] for task in dag.topological_sort()] if dag else [],
    "catchup": dag.catchup if dag else None,
    "max_active_runs": dag.max_active_runs if dag else None,
    # A task that takes one of these is refused by Airflow when it is run, not before.
    "reserved": sorted(RESERVED & set(inspect.signature(module.run_step.function).parameters)),
    "job": {
        "name": made.metadata.name,
        "labels": made.metadata.labels,
        "owner": made.metadata.owner_references[0].name,
        "image": made.spec.template.spec.containers[0].image,
    },
    "selector": fresh.asked[0],
    "attached": module.job_of_run(Batch(job("runs")), "train", RUN).metadata.name,
    "done": module.job_of_run(Batch(job("done", "Complete")), "train", RUN).metadata.name,
    "again": module.job_of_run(Batch(job("lost", "Failed")), "train", RUN).metadata.name,
    "complete": ended("Complete", 0),
    "refused": ended("Failed", 3),
    "bad setting": ended("Failed", 2, '{"summary": "", "error": {"code": "bad_setting", "detail": "said"}}'),
    "locked": ended("Failed", 4),
    "killed": ended("Failed", 137, "OOMKilled"),
}
print("FOUND " + json.dumps(found))
