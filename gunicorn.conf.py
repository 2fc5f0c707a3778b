"""gunicorn: threads that wait for PostgreSQL cost little; a worker is renewed now and then."""

import gc
import os

bind = os.environ.get("BIND", "0.0.0.0:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 60
graceful_timeout = 20
max_requests = 5000
max_requests_jitter = 500
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
control_socket_disable = True
preload_app = True  # loaded once and shared by the workers; whoever deploys starts anew


def pre_fork(server: object, worker: object) -> None:
    """What the program has loaded is looked at by no collection any more, so that its pages stay shared."""
    gc.collect()
    gc.freeze()
