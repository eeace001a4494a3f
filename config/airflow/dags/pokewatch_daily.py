"""The daily pipeline of PokeWatch for people who run Airflow: Jobs made from the CronJobs of the chart, one after another.

Works on Airflow 2.9 and later and on Airflow 3. The chart's own pipeline does the same without Airflow; set its value
`pipeline.suspend` to true, so that only one of them runs. docs/mlops.md says what Airflow's workers need.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import logging
import os
import re
import time

import pendulum

try:  # Airflow 3
    from airflow.sdk import DAG, task
except ImportError:  # Airflow 2
    from airflow import DAG
    from airflow.decorators import task

try:  # Airflow 3.2 and later
    from airflow.sdk.exceptions import AirflowException, AirflowFailException
except ImportError:
    from airflow.exceptions import AirflowException, AirflowFailException

NAMESPACE = os.environ.get("POKEWATCH_NAMESPACE", "pokewatch")
# An Airflow connection of type Kubernetes; without one the worker's own service account, or its kubeconfig.
CONNECTION = os.environ.get("POKEWATCH_KUBERNETES_CONNECTION") or None
SCHEDULE = os.environ.get("POKEWATCH_SCHEDULE", "0 2 * * *")
STEPS = ("collector", "preprocess", "train")
POLL_SECONDS = 5

# Exit codes of PokeWatch's jobs (docs/errors.md). Others may pass: a lock, a quota, a time limit, lost memory.
REFUSED = 3
NO_RETRY_HELPS = {1: "a fault of the program or its data", 2: "a wrong setting or input"}

log = logging.getLogger(__name__)


@task
def run_step(step: str, airflow_run: str) -> str:
    """Runs one step as a Job made from its CronJob, and returns its summary. A Job that a lost worker left is waited for."""
    from airflow.providers.cncf.kubernetes.hooks.kubernetes import KubernetesHook

    hook = KubernetesHook(conn_id=CONNECTION)
    job = job_of_run(hook.batch_v1_client, step, airflow_run)
    name = job.metadata.name
    log.info("Job %s/%s, see: kubectl -n %s logs job/%s", NAMESPACE, name, NAMESPACE, name)
    try:
        ended = wait(hook.batch_v1_client, name)
    except BaseException:
        # The task was stopped or ran out of time: what it started ends with it.
        hook.batch_v1_client.delete_namespaced_job(name, NAMESPACE, propagation_policy="Foreground")
        raise
    return outcome(hook.core_v1_client, name, ended)


def job_of_run(batch, step: str, run_id: str):
    """The Job that this run has for the step, if it still runs or has succeeded; otherwise a new one."""
    # Run ids hold characters that labels must not, and are too long.
    run = re.sub(r"[^A-Za-z0-9]+", "-", run_id).strip("-")[:40].strip("-") + "-" + digest(run_id)
    labels = {"pokewatch.io/run-id": run, "pokewatch.io/step": step}
    selector = ",".join(f"{key}={value}" for key, value in labels.items())
    jobs = batch.list_namespaced_job(NAMESPACE, label_selector=selector).items
    for job in jobs:
        if not has(job, "Failed"):
            return job
    return batch.create_namespaced_job(NAMESPACE, from_cron_job(batch, step, labels, run_id, attempt=len(jobs) + 1))


def from_cron_job(batch, step: str, labels: dict, run_id: str, attempt: int):
    """A Job as `kubectl create job --from=cronjob/STEP` would make it."""
    from kubernetes.client import models as k8s

    cron = batch.read_namespaced_cron_job(step, NAMESPACE)
    template = cron.spec.job_template
    known = template.metadata or k8s.V1ObjectMeta()
    owner = k8s.V1OwnerReference(
        api_version="batch/v1", kind="CronJob", name=step, uid=cron.metadata.uid, controller=True, block_owner_deletion=True
    )
    return k8s.V1Job(
        api_version="batch/v1",
        kind="Job",
        metadata=k8s.V1ObjectMeta(
            # The same attempt has the same name: two workers cannot make two Jobs of it.
            name=f"{step}-airflow-{digest(run_id)}-{attempt}",
            labels={**(known.labels or {}), **labels},
            annotations={
                **(known.annotations or {}),
                "cronjob.kubernetes.io/instantiate": "manual",
                "pokewatch.io/airflow-run": run_id,
            },
            owner_references=[owner],
        ),
        spec=template.spec,
    )


def wait(batch, name: str):
    """Waits until the Job has ended, and returns it."""
    while True:
        job = batch.read_namespaced_job_status(name, NAMESPACE)
        if has(job, "Complete") or has(job, "Failed"):
            return job
        time.sleep(POLL_SECONDS)


def outcome(core, name: str, job) -> str:
    """The summary of a Job that did what it should; raises what tells Airflow whether trying again can help."""
    code, message = last_end(core, name)
    if has(job, "Complete"):
        log.info(message)
        return message
    if code == REFUSED:
        # The model that serves goes on serving: an outcome, not a failure.
        log.warning("kept the old model: %s", message)
        return f"kept the old model: {message}"
    failed = next(condition for condition in job.status.conditions if condition.type == "Failed" and condition.status == "True")
    words = f"{name} failed ({failed.reason}: {failed.message}; exit code {code}): {message}"
    if code in NO_RETRY_HELPS:
        raise AirflowFailException(f"{words} ({NO_RETRY_HELPS[code]})")
    raise AirflowException(words)


def last_end(core, name: str) -> tuple[int | None, str]:
    """Exit code of the Job's newest pod that has ended, and what it left to say."""
    pods = core.list_namespaced_pod(NAMESPACE, label_selector=f"batch.kubernetes.io/job-name={name}").items
    ends = [
        status.state.terminated
        for pod in sorted(pods, key=lambda pod: pod.metadata.creation_timestamp)
        for status in pod.status.container_statuses or []
        if status.state.terminated is not None
    ]
    if not ends:
        return None, "it left no pod that has ended"
    return ends[-1].exit_code, summary(ends[-1].message or ends[-1].reason or "")


def summary(message: str) -> str:
    """What a job says of itself in its termination message, which is JSON: what it did, or why it failed."""
    try:
        report = json.loads(message)
        return str(report["summary"] or report["error"]["detail"])
    except (ValueError, KeyError, TypeError):
        return message


def has(job, kind: str) -> bool:
    """True when the Job has this condition."""
    return any(condition.type == kind and condition.status == "True" for condition in job.status.conditions or [])


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]


with DAG(
    "pokewatch_daily",
    description="Collects prices, makes features, trains and judges a model; the model service takes it up by itself.",
    schedule=SCHEDULE,
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args={
        "retries": 2,
        "retry_delay": datetime.timedelta(minutes=10),
        "execution_timeout": datetime.timedelta(hours=3),
    },
    tags=["pokewatch"],
    doc_md=__doc__,
) as dag:
    before = None
    for one in STEPS:
        now = run_step.override(task_id=one)(one, "{{ run_id }}")
        if before is not None:
            before >> now
        before = now
