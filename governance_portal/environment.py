"""Everything the surroundings may say to the portal: one declared list, read by settings, printed as ``.env.example``.

A setting that is not in ``DECLARED`` cannot be read, so the list, the example file and the code cannot drift apart.
"""

import base64
import hmac
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent
TRUE_WORDS = {"1", "true", "yes", "on"}


class BadSetting(ValueError):
    """A value in the environment cannot be understood; the sentence names the setting."""


@dataclass(frozen=True)
class Declared:
    """One setting: its name, what holds when it is absent, and the help an operator reads above it."""

    name: str
    default: str
    help: str
    section: str


def _section(title: str, *rows: tuple[str, str, str]) -> list[Declared]:
    return [Declared(name, default, text, title) for name, default, text in rows]


DECLARED: tuple[Declared, ...] = tuple(
    _section(
        "运行方式",
        (
            "PORTAL_ENV",
            "demo",
            "demo（演示：自动生成演示数据和演示账号）或 production（正式运行：启动前检查密钥、域名、演示账号）。",
        ),
        ("PORT", "8000", "网页服务监听的端口。"),
        ("BIND", "127.0.0.1", "网页服务监听的地址；放在反向代理或容器里时填 0.0.0.0。"),
        ("PORTAL_DISTRICT", "140603", "本中心所在区县的六位区划代码；网上提交的事项归入这里，区外的坐标拒收。"),
        (
            "PORTAL_GRID_CODE_PATTERN",
            r"^\d{12}\d{3}$",
            "网格编码的格式（正则表达式），默认为 12 位社区代码加 3 位网格序号。",
        ),
        ("PORTAL_VAR", "var", "存放内置数据库、任务队列、上传文件的文件夹；相对路径从项目根目录算起。"),
        ("LINKS_FOLDER", "var/links", "与其他系统交换文件的文件夹，每个系统在里面有自己的一个（如 SFTP 的目录）。"),
        ("STATIC_ROOT", "staticfiles", "汇集后的样式、脚本等静态文件放在哪里。"),
        ("DEMO_PASSWORD", "Demo-2026-pinglu", "演示账号的共同密码，只在演示方式下使用；正式运行时不要填写。"),
        ("DEMO_CASES", "2000", "演示数据里虚构事项的总数；先生成 60 件，其余在后台补齐。只在演示方式下使用。"),
        ("SIMULATE", "0", "填 1 时 make run 启动后由演示人员持续登记和办理事项；只在演示方式下有效。"),
        ("DEBUG", "0", "填 1 时出错页面显示内部细节，只供开发；正式运行时拒绝启动。"),
        ("WEB_WORKERS", "2", "网页服务的进程数，一般等于处理器核数。"),
        ("WEB_THREADS", "4", "每个网页进程的线程数。"),
        ("TASK_WORKERS", "2", "后台任务同时执行的个数。"),
        (
            "LOG_LEVEL",
            "INFO",
            "日志详细程度：DEBUG、INFO、WARNING、ERROR。日志不记录当事人信息；演示方式下不填则只报警告。",
        ),
    )
    + _section(
        "密钥与访问",
        (
            "SECRET_KEY",
            "",
            "签名用的主密钥，至少 50 个随机字符；正式运行必填。不填时在 PORTAL_VAR 里生成一个，只够演示。",
        ),
        (
            "PORTAL_FIELD_KEYS",
            "",
            "当事人信息加密密钥，写成 编号:密钥，逗号隔开，第一个为现用，新的放在最前；不填时由 SECRET_KEY 派生。",
        ),
        (
            "PORTAL_CIPHER",
            "aes-256-gcm",
            "当事人信息的加密算法：aes-256-gcm 或 sm4-gcm（国密 GB/T 32907）；上线前选定，之后更换，按电话查找旧件会失效。",
        ),
        ("ALLOWED_HOSTS", "", "允许访问的域名或地址，逗号隔开；正式运行必填，不接受 *。"),
        ("CSRF_TRUSTED_ORIGINS", "", "反向代理改写来源时允许提交表单的来源，如 https://zzzx.example.cn，逗号隔开。"),
        (
            "TRUSTED_PROXIES",
            "",
            "可信反向代理的地址或网段，逗号隔开，如 127.0.0.1,172.16.0.0/12；只有来自它们的 X-Forwarded-For 才算数。",
        ),
        (
            "HTTPS_ONLY",
            "",
            "填 1 时只用加密连接（安全 Cookie、HSTS、自动跳转），填 0 关闭；不填时正式运行为 1，演示为 0。",
        ),
        ("METRICS_TOKEN", "", "抓取 /metrics 用的口令（Authorization: Bearer …）；不填时只有本机能看。"),
        ("SESSION_IDLE_MINUTES", "15", "登录后多少分钟没有操作就要重新登录。"),
        ("SESSION_ABSOLUTE_HOURS", "8", "一次登录最长多少小时。"),
        ("LOGIN_FAILURES", "5", "同一账号在同一地址连续输错几次密码后暂停登录；别处的本人不受影响。"),
        ("LOGIN_COOLOFF_MINUTES", "30", "输错密码后暂停登录多少分钟。"),
    )
    + _section(
        "本中心的规矩",
        ("CENTRE_NAME", "平鲁区社会治安综合治理中心", "中心的全称，印在页面和回执上。"),
        ("CENTRE_SPONSOR", "", "主办单位，印在群众页面底部，如 中共平鲁区委政法委员会；以下六项不填的不显示。"),
        ("CENTRE_ADDRESS", "", "窗口地址。"),
        ("CENTRE_PHONE", "", "窗口电话，群众页面上始终可见。"),
        ("CENTRE_HOURS", "", "办公时间，如 周一至周五 8:30—12:00，14:30—18:00。"),
        ("CENTRE_RECORD", "", "网站备案号。"),
        ("CENTRE_COMPLAINTS", "", "投诉建议电话。"),
        (
            "TIANDITU_KEY",
            "",
            "天地图浏览器端密钥（console.tianditu.gov.cn 申请，限定本站域名）；填了地图上才有底图，浏览器会直接向天地图取图。",
        ),
        ("PASSWORD_MAX_AGE_DAYS", "", "密码用满多少天必须更换，0 为不限；不填时正式运行为 90，演示为 0。"),
        (
            "TWO_STEP_ROLES",
            "",
            "必须用动态验证码登录的岗位代码，逗号隔开；不填时正式运行为三类管理员，演示为无。",
        ),
        ("DEVICE_TOKEN_DAYS", "30", "手机端一次登录保持多少天。"),
    )
    + _section(
        "数据库与队列",
        (
            "DATABASE_URL",
            "",
            "数据库，如 postgres://用户:密码@主机:5432/库名；不填时用 PORTAL_VAR 里的 SQLite。",
        ),
        ("DATABASE_CONN_MAX_AGE", "600", "数据库连接保持多少秒；经 PgBouncer 事务池时填 0。"),
        (
            "REDIS_URL",
            "",
            "任务队列和缓存，如 redis://主机:6379/0；不填时队列放在 PORTAL_VAR 的文件夹里。",
        ),
    )
    + _section(
        "邮件",
        ("EMAIL_URL", "", "发信服务器，如 smtp+tls://用户:密码@主机:587；不填时邮件只写进日志目录，不外发。"),
        ("DEFAULT_FROM_EMAIL", "portal@localhost", "邮件的发件人地址。"),
    )
    + _section(
        "短信与群机器人",
        (
            "SMS_URL",
            "",
            "短信网关的地址，收 POST JSON {id, to, text}，带 Idempotency-Key 和 HMAC-SHA256 签名；不填时不发短信。",
        ),
        ("SMS_SECRET", "", "短信网关的签名密钥。"),
        (
            "OUTBOUND_HOSTS",
            "qyapi.weixin.qq.com,oapi.dingtalk.com,open.feishu.cn",
            "允许外发的主机，逗号隔开；一律走 https，确需明文的写成 http://主机:端口。短信网关和接口推送的主机也要写进来。",
        ),
        (
            "OUTBOUND_NETWORKS",
            "",
            "允许外发的内网网段，逗号隔开，如 10.20.0.0/16；不写时只连公网地址，云主机的元数据地址一律拒绝。",
        ),
    )
    + _section(
        "话务系统",
        (
            "TELEPHONY_SECRET",
            "",
            "话务系统推送来电事件的签名密钥（whsec_ 加 base64，逗号隔开可同时用新旧两个）；不填时正式运行不接收，演示由 SECRET_KEY 派生。",
        ),
        (
            "RECORDINGS_URL",
            "",
            "录音在话务系统里的地址，录音编号写作 {id}，如 https://pbx.example.cn/recordings/{id}；不填时只显示编号。录音不进本系统。",
        ),
    )
    + _section(
        "文件与数据",
        ("UPLOAD_MAX_MB", "20", "单个上传文件的上限（MB），不超过 20。"),
        ("PORTAL_FONTS", "", "公文字体（仿宋、小标宋等）所在的文件夹，里面的字体优先使用；不填时用随附的思源宋体。"),
        ("PORTAL_SHARED_DATA", "../shared/data", "真实样例数据所在的文件夹（行政区划、事件表），没有时相关测试跳过。"),
    )
)
# Read by docker-compose.yml alone.
COMPOSE: tuple[Declared, ...] = tuple(
    _section(
        "只用于 docker compose",
        ("POSTGRES_PASSWORD", "", "数据库密码，只在容器之间使用；必填，用字母和数字。"),
        ("HTTP_PORT", "80", "反向代理对外的端口。"),
    )
)
_BY_NAME = {row.name: row for row in DECLARED}


def load_env_file(path: Path) -> None:
    """Read ``NAME=value`` lines into the environment; what is already set there wins. A missing file is fine."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, found, value = line.strip().partition("=")
        if found and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip().strip("\"'"))


def text(name: str) -> str:
    """Return the setting, or its declared default when it is absent or empty. Undeclared names raise ``KeyError``."""
    return os.environ.get(name, "").strip() or _BY_NAME[name].default


def number(name: str) -> int:
    """Return the setting as a whole number; raises ``BadSetting``."""
    try:
        return int(text(name))
    except ValueError:
        raise BadSetting(f"{name} 应为整数，现在是「{text(name)}」。") from None


def number_or(name: str, default: int) -> int:
    """Return the setting as a whole number, or ``default`` (which may depend on others) when it is absent."""
    return number(name) if text(name) else default


def flag(name: str, *, default: bool = False) -> bool:
    """Return the setting as yes or no; ``default`` holds when it is absent and has no declared default."""
    value = text(name).lower()
    return value in TRUE_WORDS if value else default


def is_calm() -> bool:
    """Whether the terminal is to be left to people: a demonstration in which nobody asked for a LOG_LEVEL."""
    return text("PORTAL_ENV") != "production" and not os.environ.get("LOG_LEVEL", "").strip()


def listed(name: str) -> list[str]:
    """Return the comma-separated setting as a list without empty entries."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


def folder(name: str) -> Path:
    """Return the setting as a path; a relative one starts at the project's root."""
    return (BASE_DIR / Path(text(name)).expanduser()).resolve()


def email_settings(url: str) -> dict[str, Any]:
    """Return Django's e-mail settings for ``smtp://``, ``smtp+tls://`` (STARTTLS) or ``smtp+ssl://`` addresses.

    Without an address, mail is written to files, so that nothing leaves a machine by accident.
    """
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtp+tls", "smtp+ssl"} or not parts.hostname:
        raise BadSetting("EMAIL_URL 应写成 smtp+tls://用户:密码@主机:587。")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtp+ssl",
    }


def kept_secret(path: Path) -> str:
    """Return the secret kept in ``path``, making it (owner-readable only) the first time.

    Used only when no SECRET_KEY is given: two demonstrations never share a key, and a restart keeps its log-ins.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    if not path.exists():
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64), encoding="ascii")
        try:
            # A link is atomic and never overwrites: of two processes starting at once, both read the first one's key.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()


def derived_secret(key: str, purpose: str) -> str:
    """Return a webhook secret that follows from the main key: for demonstrations, where nobody has agreed on one."""
    return "whsec_" + base64.b64encode(hmac.digest(key.encode(), purpose.encode(), "sha256")).decode("ascii")


def example(rows: Iterable[Declared] = (*DECLARED, *COMPOSE)) -> str:
    """Return the text of ``.env.example``: every setting, commented out with its default, under its help."""
    lines = ["# 综治中心平台的全部设置。复制为 .env 后按需填写；不填的用所示的默认值。由 make docs 生成，请勿手改。"]
    section = ""
    for row in rows:
        if row.section != section:
            section = row.section
            lines += ["", f"# ── {section} ──"]
        lines += ["", f"# {row.help}", f"#{row.name}={row.default}"]
    return "\n".join(lines) + "\n"
