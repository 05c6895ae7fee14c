package effects_test

import (
	"testing"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// TestVerdictWords: what the auditor shows to the customer stays shown; what its macro means for agents only is handed back, to be written
// on its own. Where the transcript is for agents too, both are one comment.
func TestVerdictWords(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, mode     string
		public, shown  bool
		apart, article string
	}{
		{"an internal note beside a public transcript", "false", true, true, "Feito", ""},
		{"words for the customer above a public transcript", "true", true, true, "", "<p>Feito</p><hr>"},
		{"an internal note above a private transcript", "false", false, false, "", "<p>Feito</p><hr>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := procedural(t)
			r.macros(macro(5, "Encerrar", "comment_value", `"Feito"`, "comment_mode_is_public", `"`+tt.mode+`"`))
			r.boxes.keeps(t, thread, session, talk()...)
			r.desk.on(updateRoute, says(200, ticketOf(nil)))
			verdict := conversation.Change{Roles: []string{"closing"}, Status: "solved", Verdict: true}
			got := r.done(r.try(known(), along(transcribing(tt.public), verdict)))
			r.same("one update", r.desk.calls(), []string{macrosRoute, updateRoute})
			r.same("public", r.comment()["public"], any(tt.shown))
			r.same("apart", got.Words, tt.apart)
			body, _ := r.comment()["html_body"].(string)
			if len(body) < 100 || body[:len(tt.article)] != tt.article || tt.article == "" && body[:4] == "<p>F" {
				t.Errorf("the comment begins %.100s", body)
			}
		})
	}
}
