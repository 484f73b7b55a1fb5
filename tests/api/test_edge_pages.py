"""The pages: what they say, and that they ask nothing of another host."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser

import pytest

from app.console.pages import CompteDemo, Facts, Pages
from app.console.static_files import FOLDER

from .edge import SCHEMA, Edge

STYLE = FOLDER / "style.css"  # any text will do for a README
CAMILLE = CompteDemo(
    nom="Camille </script> Martin",
    profil="Prescripteur niveau 2",
    structure="Mission locale de Démo",
    email="camille@demo.invalid",
    mot_de_passe="motdepasse-de-demo",
)


def pages(**facts: object) -> Edge:
    known = {"schema": SCHEMA, "horloge": "ouvree", "comptes": lambda: [CAMILLE], "readme": STYLE, **facts}
    return Edge(routes=Pages(Facts(**known)).routes())  # type: ignore[arg-type]  # facts of the test


@pytest.fixture
async def edge() -> AsyncIterator[Edge]:
    async with pages().opened() as edge:
        yield edge


class Outline(HTMLParser):
    """What a page is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]


async def test_the_home_page_says_who_can_be_tried_and_what_time_it_is(edge: Edge) -> None:
    text = (await edge.client.get("/")).text

    for said in ("camille@demo.invalid", "motdepasse-de-demo", "Mission locale de Démo", "HORLOGE=ouvree"):
        assert said in text
    assert "</script> Martin" not in text


async def test_a_base_that_is_no_demonstration_shows_no_account() -> None:
    async with pages(comptes=list).opened() as edge:
        text = (await edge.client.get("/")).text

    assert "n'est pas une base de démonstration" in text
    assert "<table" not in text


async def test_without_the_repository_no_page_links_to_the_readme() -> None:
    async with pages(readme=FOLDER / "nulle-part").opened() as edge:
        assert "lisez-moi" not in (await edge.client.get("/")).text


async def test_a_clock_that_stands_still_says_so() -> None:
    async with pages(horloge="2026-03-03T10:00").opened() as edge:
        assert "<time>2026-03-03T10:00</time>" in (await edge.client.get("/")).text


@pytest.mark.parametrize("path", ["/", "/lisez-moi"])
async def test_a_page_has_a_language_a_title_landmarks_and_one_first_heading(edge: Edge, path: str) -> None:
    outline = Outline((await edge.client.get(path)).text)

    assert outline.all("html")[0]["lang"] == "fr"
    assert len(outline.all("title")) == len(outline.all("h1")) == len(outline.all("main")) == 1
    assert len(outline.all("header")) == len(outline.all("footer")) == len(outline.all("nav")) == 1
    assert all(heading.get("scope") for heading in outline.all("th"))
    assert not outline.all("script", "style")
    assert not [a for _, a in outline.tags if "style" in a or any(name.startswith("on") for name in a)]


@pytest.mark.parametrize("path", ["/", "/lisez-moi", "/graphiql"])
async def test_whatever_a_page_links_to_is_ours_and_answers(edge: Edge, path: str) -> None:
    outline = Outline((await edge.client.get(path)).text)
    links = {value for _, a in outline.tags for name in ("href", "src", "action") if (value := a.get(name))}

    assert len(links) > 1
    for link in links:
        assert link.startswith(("/", "#", "data:,"))
        assert not link.startswith("//")
        if link.startswith("/"):
            assert (await edge.client.get(link)).status_code == 200


@pytest.mark.parametrize("path", ["/", "/lisez-moi", "/graphiql"])
async def test_the_policy_of_a_page_allows_no_other_host_and_no_inline_script(edge: Edge, path: str) -> None:
    policy = (await edge.client.get(path)).headers["content-security-policy"]
    rules = {name: values for name, *values in (rule.split() for rule in policy.split(";"))}

    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == ["'none'"]
    assert set(rules.get("script-src", [])) <= {"'self'"}
    assert {value for values in rules.values() for value in values} <= {
        "'none'", "'self'", "data:", "'unsafe-inline'",
    }  # fmt: skip
    assert [name for name, values in rules.items() if "'unsafe-inline'" in values] in ([], ["style-src"])


async def test_the_options_of_the_console_are_data_that_cannot_close_their_element(edge: Edge) -> None:
    text = (await edge.client.get("/graphiql")).text
    (data,) = re.findall(r'<script type="application/json" id="options">(.*?)</script>', text)

    options = json.loads(data)
    assert options["endpoint"] == "/graphql"
    assert options["comptes"][0]["nom"] == CAMILLE.nom
    assert options["exemples"]


async def test_the_schema_is_served_with_an_etag(edge: Edge) -> None:
    first = await edge.client.get("/schema.graphql")
    again = await edge.client.get("/schema.graphql", headers={"if-none-match": first.headers["etag"]})

    assert "type CandidatureConnection" in first.text
    assert (again.status_code, again.content) == (304, b"")


async def test_without_introspection_neither_the_schema_nor_the_console_is_served() -> None:
    async with pages(introspection=False).opened() as edge:
        for path in ("/schema.graphql", "/graphiql"):
            assert (await edge.client.get(path)).status_code == 404
            assert path not in (await edge.client.get("/")).text


class TestStaticFiles:
    @pytest.fixture
    async def url(self, edge: Edge) -> str:
        found = re.search(
            r'src="(/statique/[0-9a-f]{16}/ide\.js)"', (await edge.client.get("/graphiql")).text
        )
        assert found
        return found[1]

    async def test_a_file_is_kept_for_ever_under_its_hash(self, edge: Edge, url: str) -> None:
        response = await edge.client.get(url)

        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert response.headers["content-type"] == "text/javascript; charset=utf-8"

    async def test_a_client_that_has_a_file_is_not_sent_it_again(self, edge: Edge, url: str) -> None:
        etag = (await edge.client.get(url)).headers["etag"]

        assert (await edge.client.get(url, headers={"if-none-match": etag})).status_code == 304

    async def test_a_file_is_compressed_for_those_who_can_read_it(self, edge: Edge, url: str) -> None:
        zipped = await edge.client.get(url, headers={"accept-encoding": "gzip"})
        plain = await edge.client.get(url, headers={"accept-encoding": "identity"})

        assert zipped.headers["content-encoding"] == "gzip"
        assert "content-encoding" not in plain.headers
        assert zipped.content == plain.content

    async def test_an_old_hash_is_not_kept_for_ever(self, edge: Edge) -> None:
        response = await edge.client.get("/statique/0000000000000000/style.css")

        assert (response.status_code, response.headers["cache-control"]) == (200, "public, no-cache")

    @pytest.mark.parametrize("name", ["../pages.py", "..%2fpages.py", "%2e%2e/pages.py", "inconnu.js"])
    async def test_nothing_outside_the_folder_is_served(self, edge: Edge, name: str) -> None:
        assert (await edge.client.get(f"/statique/0/{name}")).status_code == 404

    async def test_the_licences_of_what_is_inside_are_served(self, edge: Edge) -> None:
        assert "GraphQL Contributors" in (await edge.client.get("/statique/0/ide.licences.txt")).text
