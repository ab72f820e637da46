"""A desk that keeps the promises of desk-openapi.json. See README.md beside this file."""

from fastapi import FastAPI

TOKENS = {"t-alice": "alice", "t-bob": "bob"}
"""X-Trader-Token -> trader."""

app = FastAPI()


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "ok"}


# TODO: write the six operations of desk-openapi.json, so that
#   1. every answer is as the contract says
#   2. GET /openapi.json makes the same promises as the contract, and does not mention /health
