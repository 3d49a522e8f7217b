# What grades a class in a cluster. It holds the sets' sources: push it to a private registry only.
#   docker build -f tools/deploy/grading.Dockerfile -t REGISTRY/integrate-and-fire-grading:1 .
FROM python:3.12-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends bubblewrap util-linux \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /course
COPY pyproject.toml README.md LICENSE requirements.txt ./
COPY neuro_lib neuro_lib
RUN pip install --no-cache-dir -r requirements.txt
COPY coursework coursework
COPY tools/deploy tools/deploy
