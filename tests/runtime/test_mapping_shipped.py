"""The shipped mappings on small payloads of the shapes that the platforms document."""

from __future__ import annotations

import json
from typing import Any

import pytest

from playbook_engine.runtime.incoming.intake import take_in_body
from playbook_engine.runtime.incoming.mapping import shipped_mapping
from playbook_engine.runtime.incoming.outcomes import Incoming, Outcome, Sender, Skipped

PLAIN_SENDER = Sender()


def outcomes(mapping: str, payload: object, sender: Sender = PLAIN_SENDER) -> list[Outcome]:
    return list(take_in_body(json.dumps(payload).encode(), sender, shipped_mapping(mapping)))


def event(mapping: str, payload: object, sender: Sender = PLAIN_SENDER) -> Incoming:
    [found] = outcomes(mapping, payload, sender)
    assert isinstance(found, Incoming), found
    return found


def skipped(mapping: str, payload: object) -> list[str]:
    found = outcomes(mapping, payload)
    assert all(isinstance(each, Skipped) for each in found), found
    return [each.kind for each in found if isinstance(each, Skipped)]


# X: Account Activity


def tweet(**more: object) -> dict[str, Any]:
    user = {"id_str": "7", "screen_name": "tanaka", "name": "Tanaka", "followers_count": 12, "verified": False}
    post = {
        "id_str": "100",
        "created_at": "Mon Mar 02 10:00:00 +0000 2026",
        "text": "@MinatoCare broken &amp; loud",
        "user": user,
        "lang": "en",
        "in_reply_to_status_id_str": None,
        "entities": {"user_mentions": [{"id_str": "1", "screen_name": "MinatoCare"}]},
        **more,
    }
    return {"for_user_id": "1", "tweet_create_events": [post]}


def test_a_mention_on_x_is_a_message() -> None:
    found = event("x", tweet())
    assert (found.source, found.id, found.type, found.channel) == ("x", "100", "message.received", "x")
    assert (found.account, found.author.handle, found.author.followers) == ("MinatoCare", "tanaka", 12)
    assert (found.text, found.at, found.origin, found.public) == (
        "@MinatoCare broken & loud",
        1_772_445_600_000,
        "mention",
        True,
    )


def test_a_long_post_on_x_is_read_to_its_end() -> None:
    assert event("x", tweet(truncated=True, extended_tweet={"full_text": "all of it"})).text == "all of it"


def test_pictures_on_x_are_counted() -> None:
    assert event("x", tweet(extended_entities={"media": [{}, {}]})).attachments == 2


def test_our_own_post_on_x_is_ours() -> None:
    found = event("x", tweet(user={"id_str": "1", "screen_name": "MinatoCare"}, in_reply_to_status_id_str="99"))
    assert (found.type, found.by, found.in_reply_to, found.account) == (
        "message.sent",
        "MinatoCare",
        "99",
        "MinatoCare",
    )


def test_a_repost_on_x_says_nothing_new() -> None:
    assert skipped("x", tweet(retweeted_status={"id_str": "99"})) == ["tweet_create_events"]


def direct(sender: str) -> dict[str, Any]:
    message = {"target": {"recipient_id": "1" if sender == "7" else "7"}, "sender_id": sender}
    return {
        "for_user_id": "1",
        "direct_message_events": [
            {
                "type": "message_create",
                "id": "200",
                "created_timestamp": "1772445600500",
                "message_create": {**message, "message_data": {"text": "hello", "attachment": {"type": "media"}}},
            }
        ],
        "users": {"7": {"screen_name": "tanaka"}, "1": {"screen_name": "MinatoCare"}},
    }


def test_a_direct_message_on_x_has_the_peer_as_its_conversation() -> None:
    theirs, ours = event("x", direct("7")), event("x", direct("1"))
    assert (theirs.type, theirs.conversation, theirs.author.handle) == ("message.received", "7", "tanaka")
    assert (ours.type, ours.conversation, ours.by) == ("message.sent", "7", "MinatoCare")
    assert (theirs.public, theirs.origin, theirs.at, theirs.attachments) == (False, "direct", 1_772_445_600_500, 1)
    assert theirs.account == ours.account == "MinatoCare"


@pytest.mark.parametrize(
    "kind", ["favorite_events", "follow_events", "direct_message_indicate_typing_events", "user_event"]
)
def test_likes_follows_and_typing_on_x_are_skipped(kind: str) -> None:
    assert skipped("x", {"for_user_id": "1", kind: [{"id": "1"}]}) == [kind]


def test_a_deleted_post_on_x_is_a_deletion_unless_it_was_ours() -> None:
    def gone(user: str) -> dict[str, Any]:
        deleted = {"status": {"id": "100", "user_id": user}, "timestamp_ms": "1772445600000"}
        return {"for_user_id": "1", "tweet_delete_events": [deleted]}

    found = event("x", gone("7"))
    assert (found.type, found.id, found.message) == ("message.deleted", "deleted:100", "100")
    assert skipped("x", gone("1")) == ["tweet_delete_events"]


# X: Activity API and API v2


def activity(kind: str, payload: object, **more: object) -> dict[str, Any]:
    return {"data": {"event_uuid": "e", "filter": {"user_id": "1"}, "event_type": kind, "payload": payload, **more}}


def test_a_mention_of_the_activity_api_is_a_message() -> None:
    post = {
        "id": "300",
        "text": "hey @MinatoCare",
        "author_id": "7",
        "created_at": "2026-03-02T10:00:00.000Z",
        "conversation_id": "290",
        "referenced_tweets": [{"type": "replied_to", "id": "295"}],
        "lang": "und",
    }
    users = [
        {"id": "7", "username": "tanaka", "public_metrics": {"followers_count": 12}},
        {"id": "1", "username": "Us"},
    ]
    found = event("x", activity("post.mention.create", post, includes={"users": users}))
    assert (found.id, found.conversation, found.in_reply_to, found.account) == ("300", "290", "295", "Us")
    assert (found.author.handle, found.author.followers, found.lang, found.origin) == ("tanaka", 12, "", "thread")
    assert event("x", activity("post.create", {**post, "author_id": "1"})).type == "message.sent"


@pytest.mark.parametrize("kind", ["like.create", "follow.follow", "profile.update.bio", "chat.received"])
def test_other_activities_are_skipped_by_their_name(kind: str) -> None:
    assert skipped("x", activity(kind, {"id": "1", "text": "x"})) == [kind]


def test_a_page_of_posts_is_a_list_of_messages() -> None:
    page = {
        "data": [
            {"id": "1", "text": "one", "author_id": "7", "created_at": "2026-03-02T10:00:00Z"},
            {"id": "2", "text": "RT", "author_id": "7", "referenced_tweets": [{"type": "retweeted", "id": "1"}]},
            {"id": "3", "text": "ours", "author_id": "1"},
        ],
        "includes": {"users": [{"id": "7", "username": "tanaka"}, {"id": "1", "username": "MinatoCare"}]},
    }
    found = outcomes("x", page, Sender(account="MinatoCare"))
    assert [each.type for each in found if isinstance(each, Incoming)] == ["message.received", "message.sent"]
    assert [type(each) for each in found] == [Incoming, Incoming, Skipped]


# Mastodon


def status(**more: object) -> dict[str, Any]:
    return {
        "id": "500",
        "created_at": "2026-03-02T10:00:00.000Z",
        "visibility": "public",
        "language": "ja",
        "in_reply_to_id": None,
        "spoiler_text": "",
        "content": "<p>壊れた <a href='https://m.example/@care'>@<span>care</span></a></p><p>helft &amp; bitte</p>",
        "media_attachments": [{}],
        "account": {"acct": "tanaka@m.example"},
        **more,
    }


def notification(kind: str, **more: object) -> dict[str, Any]:
    account = {"acct": "tanaka@m.example", "display_name": "Tanaka", "bot": False, "followers_count": 12}
    return {"id": "9", "type": kind, "created_at": "2026-03-02T10:00:01Z", "account": account, "status": status(**more)}


def test_a_mention_on_mastodon_is_a_message_without_its_html() -> None:
    found = event("mastodon", notification("mention"))
    assert (found.id, found.text, found.lang) == ("500", "壊れた @care\n\nhelft & bitte", "ja")
    assert (found.author.handle, found.author.name, found.attachments) == ("tanaka@m.example", "Tanaka", 1)
    assert (found.public, found.origin, found.automatic) == (True, "mention", False)


def test_a_direct_mention_on_mastodon_is_private() -> None:
    found = event("mastodon", notification("mention", visibility="direct"))
    assert (found.public, found.origin, found.conversation) == (False, "direct", "tanaka@m.example")


def test_a_bot_on_mastodon_is_automatic() -> None:
    said = notification("mention")
    said["account"]["bot"] = True
    assert event("mastodon", said).automatic is True


def test_an_edit_on_mastodon_names_its_message() -> None:
    found = event("mastodon", notification("update", edited_at="2026-03-02T11:00:00Z"))
    assert (found.type, found.id, found.message) == (
        "message.edited",
        "500:edited:2026-03-02T11:00:00Z",
        "500",
    )


@pytest.mark.parametrize("kind", ["favourite", "follow", "reblog", "poll"])
def test_other_notifications_of_mastodon_are_skipped(kind: str) -> None:
    assert skipped("mastodon", notification(kind)) == [kind]


def test_a_status_and_a_list_of_statuses_are_messages() -> None:
    assert event("mastodon", status()).id == "500"
    found = outcomes("mastodon", [status(), status(id="501", reblog={"id": "1"}), status(id="502")])
    assert [type(each) for each in found] == [Incoming, Skipped, Incoming]
    ours = event("mastodon", status(account={"acct": "care"}), Sender(ours=("@Care",)))
    assert (ours.type, ours.by) == ("message.sent", "care")


# Slack


def slack(**event: object) -> dict[str, Any]:
    return {
        "type": "event_callback",
        "team_id": "T1",
        "api_app_id": "A1",
        "event_id": "Ev1",
        "authorizations": [{"user_id": "UBOT", "is_bot": True}],
        "event": {
            "type": "message",
            "channel": "C1",
            "channel_type": "channel",
            "user": "U7",
            "text": "broken &lt;again&gt;",
            "ts": "1772445600.000200",
            **event,
        },
    }


def test_a_message_in_slack_is_known_by_channel_and_time_stamp() -> None:
    found = event("slack", slack())
    assert (found.id, found.message, found.conversation) == ("Ev1", "C1:1772445600.000200", "C1:1772445600.000200")
    assert (found.text, found.at, found.public, found.automatic) == (
        "broken <again>",
        1_772_445_600_000,
        True,
        False,
    )


def test_an_answer_in_a_slack_thread_belongs_to_its_root() -> None:
    found = event("slack", slack(thread_ts="1772445000.000100"))
    assert (found.conversation, found.in_reply_to) == ("C1:1772445000.000100", "C1:1772445000.000100")


def test_a_direct_message_in_slack_is_private() -> None:
    found = event("slack", slack(channel="D1", channel_type="im"))
    assert (found.public, found.origin, found.conversation) == (False, "direct", "D1")


def test_a_strange_bot_in_slack_is_automatic_and_our_own_is_ours() -> None:
    bot = event("slack", slack(subtype="bot_message", bot_id="B2", user=None))
    assert (bot.type, bot.automatic, bot.author.handle) == ("message.received", True, "B2")
    assert event("slack", slack(bot_id="B1", app_id="A1")).type == "message.sent"
    assert event("slack", slack(user="UBOT")).type == "message.sent"


def test_edits_and_deletions_in_slack_name_their_message() -> None:
    changed = {"subtype": "message_changed", "text": None, "previous_message": {"text": "a"}}
    edit = event("slack", slack(message={"ts": "1.5", "text": "b", "user": "U7"}, **changed))
    assert (edit.type, edit.message, edit.text, edit.author.handle) == ("message.edited", "C1:1.5", "b", "U7")
    gone = event("slack", slack(subtype="message_deleted", deleted_ts="1.5", previous_message={"user": "U7"}))
    assert (gone.type, gone.message) == ("message.deleted", "C1:1.5")


@pytest.mark.parametrize("kind", ["channel_join", "channel_topic", "ekm_access_denied"])
def test_what_slack_tells_of_channels_is_skipped(kind: str) -> None:
    assert skipped("slack", slack(subtype=kind)) == [kind]
    assert skipped("slack", {"type": "url_verification", "challenge": "x"}) == ["url_verification"]


# LINE


def line(**event: object) -> dict[str, Any]:
    said = {
        "type": "message",
        "mode": "active",
        "timestamp": 1_772_445_600_000,
        "source": {"type": "user", "userId": "U7"},
        "webhookEventId": "W1",
        "message": {"id": "600", "type": "text", "text": "壊れました"},
    }
    return {"destination": "UBOT", "events": [{**said, **event}]}


def test_a_text_on_line_is_a_private_message() -> None:
    found = event("line", line())
    assert (found.id, found.message, found.text, found.at) == ("W1", "600", "壊れました", 1_772_445_600_000)
    assert (found.public, found.origin, found.conversation, found.author.handle) == (False, "direct", "U7", "U7")
    assert (found.account, found.attachments) == ("UBOT", 0)
    assert event("line", line(), Sender(account="minato")).account == "minato"


@pytest.mark.parametrize("kind", ["image", "video", "audio", "file", "sticker"])
def test_what_is_no_text_on_line_counts_as_an_attachment(kind: str) -> None:
    found = event("line", line(message={"id": "601", "type": kind}))
    assert (found.text, found.attachments) == ("", 1)


def test_a_place_on_line_is_read() -> None:
    place = {"id": "602", "type": "location", "title": "Shop", "address": "Tokyo"}
    assert event("line", line(message=place)).text == "Shop\nTokyo"


def test_in_a_group_on_line_the_group_is_the_conversation() -> None:
    assert event("line", line(source={"type": "group", "groupId": "G1", "userId": "U7"})).conversation == "G1"


def test_an_unsent_message_on_line_is_a_deletion() -> None:
    found = event("line", line(type="unsend", unsend={"messageId": "600"}))
    assert (found.type, found.message) == ("message.deleted", "600")


@pytest.mark.parametrize("kind", ["follow", "unfollow", "postback", "join", "beacon"])
def test_other_events_of_line_are_skipped(kind: str) -> None:
    assert skipped("line", line(type=kind)) == [kind]


def test_line_events_for_another_module_are_left_to_it() -> None:
    assert skipped("line", line(mode="standby")) == ["message"]
    assert skipped("line", {"destination": "UBOT", "events": []}) == ["verification"]
