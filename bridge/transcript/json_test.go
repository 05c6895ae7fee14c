package transcript_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/transcript"
)

// walk calls visit with every name and value of a JSON document.
func walk(v any, visit func(name string, value any)) {
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			visit(name, value)
			walk(value, visit)
		}
	case []any:
		for _, value := range v {
			walk(value, visit)
		}
	}
}

func TestJSONSchema(t *testing.T) {
	t.Parallel()
	var doc map[string]any
	if err := json.Unmarshal(transcript.JSON(whole(t)), &doc); err != nil {
		t.Fatal(err)
	}
	snake := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	stamp := regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-03:00$`)
	times := 0
	walk(doc, func(name string, value any) {
		if !snake.MatchString(name) && name != "sha256" {
			t.Errorf("name %q", name)
		}
		if name == "at" || name == "until" || name == "written_at" {
			times++
			s, _ := value.(string)
			if _, err := time.Parse(time.RFC3339, s); err != nil || !stamp.MatchString(s) {
				t.Errorf("%s %q", name, s)
			}
		}
	})
	if times < 40 || doc["schema"] != float64(transcript.Schema) || doc["time_zone"] != "America/Sao_Paulo" {
		t.Errorf("%d times, schema %v, zone %v", times, doc["schema"], doc["time_zone"])
	}
}

func TestJSONKeepsTheText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		var doc struct {
			Messages []struct{ Text string }
		}
		raw := transcript.JSON(transcript.Conversation{Entries: []conversation.Entry{from(0, "w1", "text", text)}})
		if err := json.Unmarshal(raw, &doc); err != nil || len(doc.Messages) != 1 || doc.Messages[0].Text != text {
			t.Fatalf("%q became %s, %v", text, raw, err)
		}
	})
}

func TestJSONProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := transcript.Conversation{
			Contact: rapid.String().Draw(t, "contact"), Entries: anything().Draw(t, "entries"), Language: transcript.Language(rapid.String().Draw(t, "language")),
		}
		raw := transcript.JSON(c)
		if !json.Valid(raw) || !bytes.Equal(raw, transcript.JSON(c)) {
			t.Fatalf("not valid, or not the same twice: %s", raw)
		}
	})
}
