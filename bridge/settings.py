"""Every environment variable, in one object that is checked before anything starts."""

from functools import lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bridge.domain import Automation, ConfigError

_DATABASES = frozenset({"", "sqlite", "postgresql", "postgresql+psycopg"})


class Settings(BaseSettings):
    """What the surroundings say; the city's own choices are in `routing_rules/<city>/city.yaml`."""

    model_config = SettingsConfigDict(env_prefix="", extra="ignore", hide_input_in_errors=True)

    city: str = Field(default="leipzig", validation_alias="BRIDGE_CITY", pattern=r"^[a-z][a-z0-9_-]*$")
    """Which folder of the routing rules is in force."""
    rules_folder: Path = Field(default=Path("routing_rules"), validation_alias="BRIDGE_RULES")
    data_folder: Path = Field(default=Path("var"), validation_alias="BRIDGE_DATA")
    """Where the embedded database, photos and the sandbox keep what must survive a restart."""
    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    """Empty: SQLite in the data folder."""
    redis_url: str = Field(default="redis://127.0.0.1:6379/0", validation_alias="REDIS_URL")
    public_url: str = Field(
        default="http://127.0.0.1:8080", validation_alias="BRIDGE_PUBLIC_URL", pattern=r"^https?://[^/]+$"
    )
    """Where citizens and departments reach the web process, without a slash at the end."""
    trusted_proxies: int = Field(default=0, validation_alias="BRIDGE_TRUSTED_PROXIES", ge=0, le=5)
    """How many proxies of the city stand before the web process and tell who asked (X-Forwarded-For)."""
    secret_key: SecretStr = Field(default=SecretStr(""), validation_alias="BRIDGE_SECRET_KEY")
    """Signs links and encrypts account credentials; at least 32 characters."""
    automation: Automation | None = Field(default=None, validation_alias="BRIDGE_AUTOMATION")
    """Overrides the city's automation, for trying things."""
    smtp_host: str = Field(default="127.0.0.1", validation_alias="SMTP_HOST")
    smtp_port: int = Field(default=25, validation_alias="SMTP_PORT", ge=1, le=65535)
    smtp_security: Literal["none", "starttls", "tls"] = Field(
        default="none", validation_alias="SMTP_SECURITY"
    )
    smtp_user: str = Field(default="", validation_alias="SMTP_USER")
    smtp_password: SecretStr = Field(default=SecretStr(""), validation_alias="SMTP_PASSWORD")
    mail_real_domains: bool = Field(default=False, validation_alias="BRIDGE_MAIL_REAL_DOMAINS")
    """Only then are mails and web hooks sent to any domain that does not end in `.example`."""
    imap_host: str = Field(default="", validation_alias="IMAP_HOST")
    """Where the city's own mailbox is asked for answers; empty: nobody is asked."""
    imap_port: int = Field(default=993, validation_alias="IMAP_PORT", ge=1, le=65535)
    imap_security: Literal["none", "starttls", "tls"] = Field(default="tls", validation_alias="IMAP_SECURITY")
    imap_user: str = Field(default="", validation_alias="IMAP_USER")
    imap_password: SecretStr = Field(default=SecretStr(""), validation_alias="IMAP_PASSWORD")
    imap_folder: str = Field(default="INBOX", validation_alias="IMAP_FOLDER")
    mail_gateway_token: SecretStr = Field(
        default=SecretStr(""), validation_alias="BRIDGE_MAIL_GATEWAY_TOKEN", max_length=500
    )
    """What a mail gateway must show to bring mail to `/hooks/mail`; empty: that door is shut."""
    mail_authserv: str = Field(default="", validation_alias="BRIDGE_MAIL_AUTHSERV", pattern=r"^[!-~]{0,200}$")
    """The name under which the city's mail server writes `Authentication-Results`; empty: it writes none."""
    fetch_private_hosts: bool = Field(default=False, validation_alias="BRIDGE_FETCH_PRIVATE_HOSTS")
    """Lets pictures and web hooks go to this machine and over plain HTTP: for the sandbox only."""

    geocoder: Literal["none", "nominatim", "photon"] = Field(
        default="none", validation_alias="BRIDGE_GEOCODER"
    )
    """Who is asked about places the gazetteer does not know."""
    geocoder_url: str = Field(
        default="", validation_alias="BRIDGE_GEOCODER_URL", pattern=r"^(https?://[^/?#\s][^?#\s]*)?$"
    )
    """Empty: the service's public address."""
    geocoder_contact: str = Field(
        default="",
        validation_alias="BRIDGE_GEOCODER_CONTACT",
        pattern=r"^[!-~]{0,200}$",
        validate_default=True,
    )
    """How the geocoder's people can reach the city; sent along with every question."""

    read_back_seconds: float = Field(default=120, validation_alias="BRIDGE_READ_BACK_SECONDS", gt=0)
    """How long after an unclear send the thread is read back: longer than the slowest late post."""

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        """Take the short name of some providers too; quote nothing of an address, it has a password."""
        if url.startswith("postgres:"):
            url = f"postgresql:{url.removeprefix('postgres:')}"
        if urlsplit(url).scheme not in _DATABASES:
            raise ValueError("use postgresql://user:password@host/database, or nothing for SQLite")
        try:
            urlsplit(url).port  # noqa: B018
        except ValueError:
            raise ValueError(
                "the port is no number; in user and password write @ : / ? # as %40 %3A %2F %3F %23"
            ) from None
        return url

    @field_validator("geocoder_contact")
    @classmethod
    def _reachable(cls, contact: str, others: ValidationInfo) -> str:
        """No service wants to be asked by somebody it cannot reach."""
        if not contact and others.data.get("geocoder", "none") != "none":
            raise ValueError("BRIDGE_GEOCODER_CONTACT is missing: name a mail address or page of yours")
        return contact

    @field_validator("mail_gateway_token")
    @classmethod
    def _not_guessed(cls, token: SecretStr) -> SecretStr:
        """A short word could be found by trying."""
        if 0 < len(token.get_secret_value()) < 20:
            raise ValueError("use at least 20 random characters")
        return token

    @property
    def takes_answers_by_mail(self) -> bool:
        """Whether a mail to the city's own address reaches us by any way."""
        return bool(self.imap_host or self.mail_gateway_token.get_secret_value())

    @property
    def city_folder(self) -> Path:
        """The folder a clerk may edit."""
        return self.rules_folder / self.city

    @property
    def photo_folder(self) -> Path:
        """Where our own copies of pictures lie."""
        return self.data_folder / "photos"

    @property
    def sql_url(self) -> str:
        """The database's address as SQLAlchemy takes it."""
        return self.database_url or f"sqlite:///{self.data_folder.resolve() / 'bridge.db'}"

    def require_secret(self) -> str:
        """Return the secret key, or raise `ConfigError` where it is missing or too short."""
        key = self.secret_key.get_secret_value()
        if len(key) < 32:
            raise ConfigError(
                "BRIDGE_SECRET_KEY must be set to at least 32 random characters, for example the output of: "
                'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
            )
        return key


def read_settings() -> Settings:
    """Read the environment; raise `ConfigError` with one sentence for each wrong variable."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = [f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in error.errors()]
        raise ConfigError("Wrong environment variable. " + ". ".join(wrong)) from None


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return read_settings()
