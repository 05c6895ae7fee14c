package classify_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/audit/classify"
	"github.com/ponte-desk/ponte/bridge/settings"
)

func TestRulesOf(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(classify.DefaultRules(), classify.RulesOf(settings.Default())); diff != "" {
		t.Errorf("by the defaults (-want +got):\n%s", diff)
	}
	set := settings.Default()
	set.Audit.Wait, set.Audit.BotAbandoned, set.Audit.BotTag = time.Hour, settings.BotSolve, "quit"
	set.Catalogue.Abandoned, set.Catalogue.Others = "A::Left", "A::Night"
	want := classify.Rules{Wait: time.Hour, Abandoned: "A::Left", Others: "A::Night", BotSolved: true, BotTag: "quit"}
	if diff := cmp.Diff(want, classify.RulesOf(set)); diff != "" {
		t.Errorf("by own settings (-want +got):\n%s", diff)
	}
}
