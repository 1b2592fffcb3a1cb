"""Who is at the workbench: a one-time link, then a session kept here and named by a signed cookie.

Rules kept here:

- An invitation opens one session, once; whoever follows it again is a stranger.
- The cookie holds a session's name under a signature; what the session may do is kept on this side.
- A session that is not used for its idle limit is over, whatever the cookie says.
- All of it ends with the process: the signing secret is drawn anew at each start.
"""

import hmac
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock

from itsdangerous import BadSignature, URLSafeSerializer

from witnessbox.ledger.model import Actor

IDLE_LIMIT = timedelta(minutes=30)
COOKIE = "witnessbox-session"
_SECRET_BYTES = 32
_INVITATION_BYTES = 24  # so that the sign-in link fits a terminal of 80 columns


@dataclass(frozen=True, slots=True)
class Preferences:
    """How a person wants to read: text hidden until asked for, single keys on."""

    masked: bool = False
    keys: bool = True


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in person.  ``token`` must come back with every form they send."""

    name: str
    actor: Actor
    token: str
    used_at: datetime
    preferences: Preferences = field(default=Preferences())

    def owns(self, token: str) -> bool:
        """Say whether a form came from a page of this session."""
        return hmac.compare_digest(self.token.encode(), token.encode())


class Sessions:
    """The invitations and sessions of one running workbench."""

    def __init__(self, idle: timedelta = IDLE_LIMIT) -> None:
        self._idle = idle
        self._signer = URLSafeSerializer(secrets.token_bytes(_SECRET_BYTES), salt="session")
        self._lock = Lock()
        self._invitations: dict[str, Actor] = {}
        self._sessions: dict[str, Session] = {}
        self._notices: dict[str, str] = {}

    def invite(self, actor: Actor) -> str:
        """Draw the secret of a one-time sign-in link for this person."""
        secret = secrets.token_urlsafe(_INVITATION_BYTES)
        with self._lock:
            self._invitations[secret] = actor
        return secret

    def invited(self, secret: str) -> Actor | None:
        """Say whom an unused invitation is for; looking does not use it up."""
        with self._lock:
            return self._invitations.get(secret)

    def accept(self, secret: str, at: datetime) -> Session | None:
        """Use up an invitation and open its session; None where there is no such invitation."""
        with self._lock:
            actor = self._invitations.pop(secret, None)
            if actor is None:
                return None
            session = Session(
                name=secrets.token_urlsafe(_SECRET_BYTES),
                actor=actor,
                token=secrets.token_urlsafe(_SECRET_BYTES),
                used_at=at,
            )
            self._sessions[session.name] = session
            return session

    def cookie(self, session: Session) -> str:
        """Give the value a browser keeps for a session."""
        return str(self._signer.dumps(session.name))

    def find(self, cookie: str | None, at: datetime) -> Session | None:
        """Give the living session a cookie names and note that it is in use."""
        try:
            name = self._signer.loads(cookie or "")
        except BadSignature:
            return None
        with self._lock:
            session = self._sessions.get(name)
            if session is None:
                return None
            if at - session.used_at > self._idle:
                del self._sessions[name]
                return None
            used = replace(session, used_at=at)
            self._sessions[name] = used
            return used

    def prefer(self, session: Session, preferences: Preferences) -> None:
        """Remember how this person wants to read, for as long as the session lasts."""
        with self._lock:
            if session.name in self._sessions:
                kept = self._sessions[session.name]
                self._sessions[session.name] = replace(kept, preferences=preferences)

    def tell(self, session: Session, notice: str) -> None:
        """Leave one sentence for the next page this person sees."""
        with self._lock:
            self._notices[session.name] = notice

    def notice(self, session: Session) -> str:
        """Take the sentence left for this person, empty where there is none."""
        with self._lock:
            return self._notices.pop(session.name, "")

    def close(self, session: Session) -> None:
        """End a session; its cookie is worth nothing from now on."""
        with self._lock:
            self._sessions.pop(session.name, None)
            self._notices.pop(session.name, None)
