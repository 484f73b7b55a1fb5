"""The pages: what this is, the README, the schema, GraphiQL. No request to another host, no script but GraphiQL's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from graphql import GraphQLSchema, parse, print_schema, validate
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from .courriels import Courriels
from .static_files import ASK_AGAIN, Content, StaticFiles

if TYPE_CHECKING:
    from jinja2 import Environment

HERE = Path(__file__).parent
README = HERE.parent.parent / "README.md"
CLOSED = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
CSP_PAGE = f"default-src 'none'; style-src 'self'; img-src data:; {CLOSED}"
CSP_CADRE = f"{CSP_PAGE}; frame-src 'self'"
CSP_IDE = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src data:; img-src data:; "
    f"connect-src 'self'; {CLOSED}"
)
CONNEXION = {
    "query": "mutation Connexion($email: String!, $motDePasse: String!, $code: String) {"
    " connexion(email: $email, motDePasse: $motDePasse, code: $code) { jeton empechements { message } } }",
    "chemin_jeton": ["data", "connexion", "jeton"],
    "chemin_messages": ["data", "connexion", "empechements"],
}
RENDU = "{ jeton empechements { code message } }"
EXTERNE = {
    "depart": "/connexion/externe",
    "echanger": "mutation Echanger($passage: String!, $verificateur: String!, $code: String) {"
    f" rendu: connexionExterne(passage: $passage, verificateur: $verificateur, code: $code) {RENDU} }}",
    "relier": "mutation Relier($passage: String!, $verificateur: String!, $email: String!, $motDePasse: String!,"
    " $code: String) { rendu: relierIdentite(passage: $passage, verificateur: $verificateur, email: $email,"
    f" motDePasse: $motDePasse, code: $code) {RENDU} }}",
}
CODE = "/demonstration/code"


@dataclass(frozen=True)
class CompteDemo:
    """Somebody of the demonstration whose password may be shown: the base holds nobody real."""

    nom: str
    profil: str
    structure: str
    email: str
    mot_de_passe: str
    essai: str = ""  # what to try with it, in one sentence
    second_facteur: bool = False


@dataclass(frozen=True)
class Facts:
    """What the pages say of this installation."""

    schema: GraphQLSchema
    sdl: Callable[[], str] | None = None  # written when somebody asks for it
    horloge: str = "systeme"
    introspection: bool = True
    readme: Path = README  # not installed with the package: the link shows where the repository is
    comptes: Callable[[], Sequence[Any]] = field(default=list)  # `CompteDemo`, or what looks like it
    code: Callable[[], str] | None = None  # the six digits of the moment, in a demonstration
    fournisseur: str | None = None  # what people call the identity provider, where there is one
    courriels: Path | None = None  # where mails are kept, in a demonstration without a mail server


class Pages:
    """Renders the pages."""

    def __init__(self, facts: Facts, files: StaticFiles | None = None) -> None:
        """In: what to say, and the files that the pages use."""
        self.facts, self.files = facts, files or StaticFiles()
        self.schema = Content(self.contract, "text/plain; charset=utf-8")

    def routes(self) -> list[Route]:
        """Out: the paths of the pages."""
        published = [Route("/schema.graphql", self.sdl), Route("/graphiql", self.graphiql)]
        return [
            Route("/", self.home),
            *(published if self.facts.introspection else ()),
            Route(CODE, self.digits),
            *Courriels(lambda: self.facts.courriels, partial(self.page, csp=CSP_CADRE)).routes(),
            *([Route("/lisez-moi", self.readme)] if self.facts.readme.is_file() else ()),
            Route("/statique/{empreinte}/{nom}", self.files.serve),
        ]

    @cached_property
    def templates(self) -> Environment:
        """What renders a page: loaded with the first one. Programs, which ask the API, see none."""

        import jinja2

        return jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @cached_property
    def examples(self) -> list[str]:
        """The example documents: GraphiQL alone shows them."""
        return examples(self.facts.schema)

    @cached_property
    def sign_in(self) -> Mapping[str, object] | None:
        """The act by which GraphiQL signs in, where the schema has it."""
        return CONNEXION if fits(str(CONNEXION["query"]), self.facts.schema) else None

    def contract(self) -> bytes:
        """Out: the schema, as it is published."""
        return (self.facts.sdl() if self.facts.sdl else print_schema(self.facts.schema)).encode()

    def page(self, template: str, csp: str = CSP_PAGE, **values: Any) -> HTMLResponse:
        """In: the name of a template and what it says. Out: the page."""
        text = self.templates.get_template(template).render(url=self.files.url, facts=self.facts, **values)
        return HTMLResponse(text, headers={"content-security-policy": csp, "cache-control": "no-cache"})

    async def home(self, request: Request) -> Response:
        """What this is, who can be tried, where to go."""
        return self.page(
            "accueil.html", comptes=self.facts.comptes(), origine=str(request.base_url).rstrip("/")
        )

    async def digits(self, request: Request) -> Response:
        """The six digits that the accounts of a demonstration are asked for; nothing anywhere else."""
        if self.facts.code is None:
            raise HTTPException(404)
        return PlainTextResponse(self.facts.code())

    async def readme(self, request: Request) -> Response:
        """The README of the repository, as text."""
        return self.page("texte.html", titre="Lisez-moi", texte=self.facts.readme.read_text(encoding="utf-8"))

    async def sdl(self, request: Request) -> Response:
        """The published contract."""
        return self.schema.response(request, ASK_AGAIN)

    async def graphiql(self, request: Request) -> Response:
        """GraphiQL, with its options as data: no inline script."""
        options = {
            "endpoint": "/graphql",
            "connexion": self.sign_in,
            "externe": {**EXTERNE, "nom": self.facts.fournisseur} if self.facts.fournisseur else None,
            "code": CODE if self.facts.code else None,
            "comptes": [asdict(compte) for compte in self.facts.comptes()],
            "exemples": [{"query": text} for text in self.examples],
        }
        return self.page("graphiql.html", CSP_IDE, options=_embedded(options))


def examples(schema: GraphQLSchema) -> list[str]:
    """Out: the example documents that fit the schema, in the order of their files."""
    texts = (path.read_text(encoding="utf-8") for path in sorted((HERE / "exemples").glob("*.graphql")))
    return [text for text in texts if fits(text, schema)]


def fits(text: str, schema: GraphQLSchema) -> bool:
    """Whether a document may run on a schema."""
    return not validate(schema, parse(text))


def _embedded(options: dict[str, Any]) -> Markup:
    """Out: JSON that can stand inside a script element, whatever it says."""
    text = orjson.dumps(options).decode()
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704  # nothing in it can close the element
