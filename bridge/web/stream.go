package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/live"
)

// Live hands out what changes.
type Live interface {
	// Follow begins a feed at a cursor; of the sessions in watch it tells who is there. The feed is to be closed.
	Follow(cursor string, watch []string) *live.Feed
}

const (
	// streamBeat is how often a comment is sent, so that both sides notice that the other one is gone.
	streamBeat = 15 * time.Second
	// streamCheck is how often is looked whether the caller's session goes on and who they are now.
	streamCheck = time.Minute
	// streamWrite is how long a page may take for what it is sent.
	streamWrite = 10 * time.Second
	// mostWatched is how many conversations a page may watch.
	mostWatched = 20
)

// follow answers with server-sent events of what changes until the page leaves, its session ends, or the instance does.
//
// The page sends nothing, and is never told of a conversation that it may not see. That one has left what it may see (`gone`) is told only
// when the caller could see it where it stood before. Where that is not known, because it changed while the page was not connected, or was
// forgotten long after its end, the page is told to read its lists again (`reset`): these lack what it may not see.
func (a *api) follow(c echo.Context) error {
	sessions, ok := watched(c.QueryParam("watch"))
	if !ok {
		return problem(c, http.StatusBadRequest, "bad_request", "No máximo 20 conversas podem ser acompanhadas de uma vez.")
	}
	if a.Live == nil {
		return problem(c, http.StatusServiceUnavailable, "unavailable", "As atualizações ao vivo não estão disponíveis.")
	}
	ctx := c.Request().Context()
	cursor, err := a.begins(c)
	if err != nil {
		return a.unavailable(c, err)
	}
	v := &viewer{api: a, caller: callerOf(c), cursor: cursor, watches: map[string]string{}, told: map[string]string{}}
	for _, session := range sessions {
		if err := v.watch(ctx, session); err != nil {
			return a.unavailable(c, err)
		}
	}
	feed := a.Live.Follow(cursor, v.watched())
	defer feed.Close()
	if feed.Err() != nil {
		return problem(c, http.StatusServiceUnavailable, "unavailable", "Esta instância está sendo encerrada. Tente de novo em instantes.")
	}
	v.feed = feed
	return v.run(ctx, newSender(c))
}

// watched reads the list of watched conversations; ok is false when they are too many.
func watched(text string) (sessions []string, ok bool) {
	for session := range strings.SplitSeq(text, ",") {
		if session = strings.TrimSpace(session); session != "" && !slices.Contains(sessions, session) {
			sessions = append(sessions, session)
		}
	}
	return sessions, len(sessions) <= mostWatched
}

// begins is the cursor at which a page begins: where it was, or now.
func (a *api) begins(c echo.Context) (string, error) {
	if cursor := c.Request().Header.Get("Last-Event-ID"); cursor != "" {
		return cursor, nil
	}
	if cursor := c.QueryParam("cursor"); cursor != "" {
		return cursor, nil
	}
	return a.Lists.Cursor(c.Request().Context())
}

// run sends what comes until something ends.
func (v *viewer) run(ctx context.Context, out *sender) error {
	beat, check := time.NewTicker(streamBeat), time.NewTicker(streamCheck)
	defer beat.Stop()
	defer check.Stop()
	if !out.comment("live", v.cursor) {
		return nil
	}
	for {
		var sent bool
		select {
		case <-ctx.Done():
			return nil
		case <-v.feed.Done():
			return nil
		case b := <-v.feed.Batches():
			sent = out.events(v.batch(ctx, b), v.cursor)
		case <-beat.C:
			sent = out.comment("hb", v.cursor)
		case <-check.C:
			events, goesOn := v.check(ctx)
			sent = out.events(events, v.cursor) && goesOn
		}
		if !sent {
			return nil
		}
	}
}

// sender writes events to a page.
type sender struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

// newSender begins the answer.
func newSender(c echo.Context) *sender {
	w := c.Response()
	out := &sender{w: w, control: http.NewResponseController(w)}
	h := w.Header()
	h.Set(echo.HeaderContentType, "text/event-stream")
	h.Set(echo.HeaderCacheControl, "no-store")
	h.Set("X-Accel-Buffering", "no") // proxies are to hand on every event as it comes
	w.WriteHeader(http.StatusOK)
	return out
}

// events sends events; the last one carries the cursor, so that a page which got only a part of them begins before all of them.
func (s *sender) events(events [][]byte, cursor string) bool {
	if len(events) == 0 {
		return true
	}
	last := len(events) - 1
	text := slices.Concat(events[:last]...)
	text = append(text, idLine(cursor)...)
	return s.send(append(text, events[last]...))
}

// comment sends what is no event, but tells where the page is.
func (s *sender) comment(words, cursor string) bool {
	return s.send([]byte(": " + words + "\n" + idLine(cursor) + "\n"))
}

// idLine is the line that tells a cursor. Line breaks, which only a page itself can have sent, would end it.
func idLine(cursor string) string {
	return "id: " + strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == 0 {
			return -1
		}
		return r
	}, cursor) + "\n"
}

// send writes and flushes; false when the page is gone or takes too long.
func (s *sender) send(text []byte) bool {
	late := time.AfterFunc(streamWrite, func() { _ = s.control.SetWriteDeadline(time.Unix(1, 0)) }) // it has passed: the write fails
	defer late.Stop()
	if _, err := s.w.Write(text); err != nil {
		return false
	}
	return s.control.Flush() == nil
}

// sees tells whether the caller may see a thread's newest conversation, if it has one.
func (v *viewer) sees(t *conversation.Thread) bool {
	return t != nil && t.Conversation != nil && v.caller.Sees(*t, v.api.Settings(t.Number).Desk.Queue)
}
