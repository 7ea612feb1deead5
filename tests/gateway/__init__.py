"""A test gateway: what a short-message gateway, a group robot, a webhook's receiver and a mail server answer, over HTTP and SMTP.

``python -m tests.gateway --port 8900 --store /tmp/gateway.sqlite3`` runs it; in tests it is the fixture `gateway`.

    POST /sms                              {"to": "…", "text": "…"}
    POST /robot/wecom|dingtalk|feishu      the body each robot takes; answered in its own words (errcode / code)
    POST /hook                             any JSON, signed as Standard Webhooks (`signing.signature`)
    SMTP  (own port)                       a mail; its key is its Message-ID

Each POST carries an `Idempotency-Key`. The first answer to a key is kept: `{"id": …, "repeat": false}`; the same key again gets
the same id and `"repeat": true`, and is counted, not stored. A key that comes back with another body is counted as `changed`.

    POST /behave   {"mode": …, "path": "/sms", "times": 3, "seconds": 8}    path, times, seconds may be left out
        ok         as above
        error500   500, nothing stored
        reject     refused for good: 422, robots 200 with an error code as theirs do; nothing stored
        slow       stored, answered after so many seconds
        drop       stored, and the line is cut before the answer: the sender cannot know
    GET /received  {"messages": […], "repeats": n, "changed": n, "refused": [{"path", "key", "reason"}]}
    DELETE /received   forgets all
"""
