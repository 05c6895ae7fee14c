package web

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/transcript"
)

// chosen refuses to link messages that the conversation does not have; the answer has been written then and ok is false. It is only there
// for people to learn it at once: whoever carries the command out looks again.
func (a *api) chosen(c echo.Context, key string, cmd conversation.Command) (ok bool, err error) {
	if cmd.Kind != conversation.CommandLink || len(cmd.Messages) == 0 {
		return true, nil
	}
	ctx := c.Request().Context()
	entries, err := a.Threads.Transcript(ctx, cmd.Session)
	if err != nil {
		return false, a.unavailable(c, err)
	}
	known := map[string]bool{}
	for _, m := range transcript.Fold(entries) {
		if m.Kind == transcript.KindMessage || m.Kind == transcript.KindNote {
			known[m.Key] = true
		}
	}
	if !slices.ContainsFunc(cmd.Messages, func(id string) bool { return !known[id] }) {
		return true, nil
	}
	if answer, done, err := a.Commands.Answer(ctx, key, cmd.ID); err == nil && done { // they were there when it was carried out
		return false, answered(c, answer)
	}
	return false, c.JSON(http.StatusConflict, conversation.Answer{
		ID: cmd.ID, Code: conversation.RefusedMessages, Session: cmd.Session, Text: "Esta conversa não tem todas as mensagens escolhidas. Atualize a lista e escolha de novo.",
	})
}
