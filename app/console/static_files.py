"""The files of the pages, named by their hash, so that a browser keeps them for ever and this process has no need to."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

FOLDER = Path(__file__).parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"


@dataclass(frozen=True)
class Content:
    """Bytes to serve, read when somebody asks for them, and what they are."""

    read: Callable[[], bytes]
    media_type: str

    @cached_property
    def digest(self) -> str:
        """The start of the SHA-256 of the bytes."""
        return hashlib.sha256(self.read()).hexdigest()[:16]

    @cached_property
    def zipped(self) -> bytes:
        """The bytes, compressed once."""
        return gzip.compress(self.read(), 9, mtime=0)

    def response(self, request: Request, cache: str) -> Response:
        """Out: the answer to a GET: 304 when the client has these bytes already, compressed when it can read that."""
        headers = {"etag": f'"{self.digest}"', "cache-control": cache, "vary": "accept-encoding"}
        if self.digest in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers |= {"content-encoding": "gzip", "etag": f'W/"{self.digest}"'}
            return Response(self.zipped, headers=headers, media_type=self.media_type)
        return Response(self.read(), headers=headers, media_type=self.media_type)


class StaticFiles:
    """The files of a folder, by name."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """List the folder: nothing outside it can be asked for."""
        self.files = {
            path.name: Content(path.read_bytes, TYPES[path.suffix])
            for path in sorted(folder.iterdir())
            if path.suffix in TYPES
        }

    def url(self, name: str) -> str:
        """Out: the path under which a file is served; another content has another path."""
        return f"/statique/{self.files[name].digest}/{name}"

    async def serve(self, request: Request) -> Response:
        """Answer a GET of a file; a hash that is no longer ours is answered with what we have, to be asked again."""
        content = self.files.get(request.path_params["nom"])
        if content is None:
            return PlainTextResponse("Fichier inconnu.", 404)
        current = request.path_params["empreinte"] == content.digest
        return content.response(request, FOR_EVER if current else ASK_AGAIN)
