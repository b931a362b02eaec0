"""Where one can go: the sidebar, the palette and the keys after G are made from this list."""

from dataclasses import dataclass

from noctule.chatbots import ChatbotId


@dataclass(frozen=True)
class Place:
    name: str  # what the page says of itself: {% set here = … %}
    label: str
    image: str
    href: str
    keys: str  # pressed after G
    group: str = ""  # its heading in the sidebar


def of_chatbot(chatbot_id: ChatbotId) -> list[Place]:
    base = f"/b/{chatbot_id}"
    return [
        Place("overview", "Overview", "overview", f"{base}/overview", "o"),
        Place("conversations", "Conversations", "inbox", f"{base}/conversations", "c"),
        Place("search", "Deep search", "search", f"{base}/search", "s"),
        Place("topics", "Topics", "topics", f"{base}/topics", "t"),
        Place("went", "How it went", "trend", f"{base}/went", "w"),
        Place("users", "Users", "users", f"{base}/users", "u"),
        Place("organizations", "Organizations", "org", f"{base}/organizations", "z"),
        Place("playground", "Playground", "play", f"{base}/playground", "p", "Agent"),
        Place("sources", "Sources", "sources", f"{base}/sources", "d", "Agent"),
        Place("leads", "Leads", "leads", f"{base}/leads", "l", "Agent"),
        Place("contacts", "Contacts", "contact", f"{base}/contacts", "k", "Agent"),
        Place("connect", "Connect", "hook", f"{base}/connect", "n", "Manage"),
        Place("ledger", "Ledger", "audit", f"{base}/ledger", "e", "Manage"),
        Place("settings", "Settings", "gear", f"{base}/settings", ",", "Manage"),
    ]


def of_organization() -> list[Place]:
    return [
        Place("home", "All chatbots", "home", "/", "h", "Organization"),
        Place("members", "Members", "members", "/settings/members", "m", "Organization"),
        Place("organization", "Organization", "gear", "/settings/organization", "a", "Organization"),
        Place("jobs", "Jobs", "jobs", "/jobs", "j", "Organization"),
    ]


KEYS: list[tuple[list[str], str]] = [
    (["Ctrl", "K"], "Search or jump to a page; also / or ⌘ K"),
    (["G", "O"], "Overview"),
    (["G", "C"], "Conversations"),
    (["G", "S"], "Deep search"),
    (["G", "T"], "Topics"),
    (["G", "W"], "How it went"),
    (["G", "U"], "Users"),
    (["G", "Z"], "Organizations"),
    (["G", "P"], "Playground"),
    (["G", "D"], "Sources"),
    (["G", "L"], "Leads"),
    (["G", "K"], "Contacts"),
    (["G", "N"], "Connect"),
    (["G", "E"], "Ledger"),
    (["G", ","], "Settings"),
    (["G", "H"], "All chatbots"),
    (["G", "M"], "Members"),
    (["G", "A"], "Organization"),
    (["G", "J"], "Jobs"),
    (["[", "]"], "The period before, the period after"),
    (["J", "K"], "Down, up in a list; Enter opens"),
    (["E"], "Mark what is ticked reviewed; or the open conversation reviewed, or not reviewed"),
    (["X"], "Tick the conversation in a list that has the focus"),
    (["F"], "Filter a list, or how it went"),
    (["C"], "Columns of a list"),
    (["Esc"], "Close what is open"),
    (["←", "→"], "Read a chart"),
    (["?"], "This map"),
]
