package settings_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
)

func TestDefault(t *testing.T) {
	t.Parallel()
	d := settings.Default()
	if d.Quiet != 20*time.Second || d.Longest != time.Minute || d.StatusWait != 20*time.Second {
		t.Errorf("times are %v, %v, %v", d.Quiet, d.Longest, d.StatusWait)
	}
	if d.Quiet > d.Longest {
		t.Error("the quiet time is longer than the longest wait")
	}
	if d.Subject != "Atendimento iniciado via WhatsApp" || len(d.Tags) != 1 || d.Tags[0] != "whatsapp" {
		t.Errorf("tickets get %q, %q", d.Subject, d.Tags)
	}
	noon := time.Date(2026, 7, 1, 15, 0, 0, 0, time.UTC)
	if got := noon.In(d.Zone).Format("15:04"); got != "12:00" {
		t.Errorf("15:00 UTC is %s for people, want 12:00", got)
	}
}

func TestDefaultIsNotShared(t *testing.T) {
	t.Parallel()
	d := settings.Default()
	d.Tags[0] = "changed"
	if got := settings.Default().Tags[0]; got != "whatsapp" {
		t.Errorf("the next default has the tag %q", got)
	}
}

// Each text takes exactly what the code that writes it hands over.
func TestTextsTakeTheirArguments(t *testing.T) {
	t.Parallel()
	texts := settings.Default().Texts
	tests := []struct {
		name, text string
		args       []any
		has        []string
	}{
		{"NotDelivered", texts.NotDelivered, []any{"12:03", "número sem WhatsApp"}, []string{"12:03", "número sem WhatsApp"}},
		{"Repeated", texts.Repeated, []any{"12:03"}, []string{"12:03"}},
		{"Unconfirmed", texts.Unconfirmed, []any{"12:03"}, []string{"12:03"}},
		{"NoAttachments", texts.NoAttachments, []any{2}, []string{"2"}},
		{"FollowUp", texts.FollowUp, []any{int64(11)}, []string{"11"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := fmt.Sprintf(tt.text, tt.args...)
			if strings.Contains(got, "%!") {
				t.Errorf("it becomes %q", got)
			}
			for _, part := range tt.has {
				if !strings.Contains(got, part) {
					t.Errorf("%q lacks %q", got, part)
				}
			}
		})
	}
}
