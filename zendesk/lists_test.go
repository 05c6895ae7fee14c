package zendesk_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/zendesk"
)

// pages answers a cursor-paged list: each body is one page, its cursor the number of the next.
func (p *peer) pages(pattern string, bodies ...string) {
	p.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		at := 0
		if after := r.URL.Query().Get("page[after]"); after != "" {
			if _, err := fmt.Sscanf(after, "p%d", &at); err != nil {
				p.t.Errorf("cursor %q", after)
			}
		}
		more := at+1 < len(bodies)
		meta := fmt.Sprintf(`"meta":{"has_more":%v,"after_cursor":"p%d"}`, more, at+1)
		answer(w, http.StatusOK, "{"+meta+","+bodies[at]+"}")
	})
}

// comment is a comment as JSON, written so many seconds after noon.
func comment(id int64, seconds int) string {
	at := noon().Add(time.Duration(seconds) * time.Second).Format(time.RFC3339)
	return fmt.Sprintf(`{"id":%d,"type":"Comment","author_id":21,"body":"b%d","public":true,"created_at":%q,
		"metadata":{"custom":{"effect":"e-%d"}},"via":{"channel":"web"},
		"attachments":[{"id":1,"file_name":"a.pdf","content_type":"application/pdf","size":9,"content_url":"https://x/a"}]}`,
		id, id, at, id)
}

// comments joins comments to a page.
func comments(list ...string) string {
	return `"comments":[` + strings.Join(list, ",") + `],"users":[{"id":21,"name":"Ana","role":"end-user"}]`
}

func TestCommentsAfter(t *testing.T) {
	t.Parallel()
	three := []string{
		comments(comment(16, 60), comment(15, 50)),
		comments(comment(14, 40), comment(13, 30)),
		comments(comment(12, 20), comment(11, 10)),
	}
	for _, tt := range []struct {
		name     string
		pages    []string
		after    int64
		want     []int64
		requests int
	}{
		{"nothing new", three, 16, nil, 1},
		{"cursor ends the page: its second may go on", three, 15, []int64{16}, 2},
		{"cursor on the second page", three, 14, []int64{15, 16}, 2},
		{"all", three, 0, []int64{11, 12, 13, 14, 15, 16}, 3},
		{"cursor is gone", three, 10, []int64{11, 12, 13, 14, 15, 16}, 3},
		{
			"same second in any order",
			[]string{comments(comment(11, 10), comment(12, 10)), comments(comment(13, 10), comment(9, 5))},
			11,
			[]int64{12, 13},
			2,
		},
		{"empty ticket", []string{comments()}, 0, nil, 1},
		{"empty page between", []string{comments(comment(2, 2)), comments(), comments(comment(1, 1))}, 0, []int64{1, 2}, 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, c := setup(t)
			p.pages("GET /api/v2/tickets/7/comments", tt.pages...)
			got, users, err := c.CommentsAfter(t.Context(), 7, tt.after)
			if err != nil {
				t.Fatal(err)
			}
			var ids []int64
			for _, comment := range got {
				ids = append(ids, comment.ID)
			}
			if diff := cmp.Diff(tt.want, ids); diff != "" {
				t.Errorf("ids (-want +got):\n%s", diff)
			}
			if n := len(p.requests()); n != tt.requests {
				t.Errorf("%d requests, want %d", n, tt.requests)
			}
			if users[21].Name != "Ana" || users[21].Staff() {
				t.Errorf("users = %+v", users)
			}
			q := p.requests()[0].Query
			if q.Get("sort") != "-created_at" || q.Get("include") != "users" || q.Get("page[size]") != "100" {
				t.Errorf("query = %v", q)
			}
		})
	}
}

func TestCommentFields(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.pages("GET /api/v2/tickets/7/comments", comments(comment(5, 3)))
	got, _, err := c.CommentsAfter(t.Context(), 7, 0)
	if err != nil {
		t.Fatal(err)
	}
	want := []zendesk.Comment{{
		ID: 5, Type: "Comment", AuthorID: 21, Body: "b5", Public: true, CreatedAt: noon().Add(3 * time.Second),
		Via:      zendesk.Via{Channel: "web"},
		Metadata: zendesk.Metadata{Custom: map[string]json.RawMessage{"effect": json.RawMessage(`"e-5"`)}},
		Attachments: []zendesk.Attachment{
			{ID: 1, FileName: "a.pdf", ContentType: "application/pdf", Size: 9, ContentURL: "https://x/a"},
		},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("comments (-want +got):\n%s", diff)
	}
}

func TestListThatDoesNotEnd(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.handle("GET /api/v2/groups", http.StatusOK, `{"groups":[{"id":1}],"meta":{"has_more":true,"after_cursor":"same"}}`)
	_, err := c.Groups(t.Context())
	wantKind(t, err, zendesk.KindServer)
	if n := len(p.requests()); n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
}

func TestListFailsOnALaterPage(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.mux.HandleFunc("GET /api/v2/tickets/7/comments", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("page[after]") != "" {
			answer(w, http.StatusTooManyRequests, "")
			return
		}
		answer(w, http.StatusOK, `{"meta":{"has_more":true,"after_cursor":"p1"},`+comments(comment(9, 9))+`}`)
	})
	got, users, err := c.CommentsAfter(t.Context(), 7, 1)
	wantKind(t, err, zendesk.KindLimited)
	if got != nil || users != nil {
		t.Error("half a list was returned: a cursor moved by it would skip comments")
	}
}

// audit is an audit as JSON, written so many minutes after noon.
func audit(id int64, minutes int, metadata string) string {
	at := noon().Add(time.Duration(minutes) * time.Minute).Format(time.RFC3339)
	return fmt.Sprintf(`{"id":%d,"ticket_id":7,"created_at":%q,"metadata":%s,
		"events":[{"id":%d,"type":"Comment"},{"id":1,"type":"Change","field_name":"status","value":"open"}]}`, id, at, metadata, id*10)
}

// audits joins audits to a page.
func audits(list ...string) string { return `"audits":[` + strings.Join(list, ",") + `]` }

func TestFindAudit(t *testing.T) {
	t.Parallel()
	const none, mine = `{"custom":{},"system":{}}`, `{"custom":{"effect":"e-1"}}`
	for _, tt := range []struct {
		name     string
		pages    []string
		want     int64 // 0: not there
		requests int
	}{
		{"on the first page", []string{audits(audit(9, 9, none), audit(8, 8, mine)), audits(audit(7, 7, none))}, 8, 1},
		{"on the second page", []string{audits(audit(9, 9, none), audit(8, 8, none)), audits(audit(7, 7, mine))}, 7, 2},
		{"absent, stops at since", []string{audits(audit(9, 9, none), audit(8, -3, none)), audits(audit(7, -4, mine))}, 0, 1},
		{"clocks differ", []string{audits(audit(9, 9, none), audit(8, -1, none)), audits(audit(7, -1, mine))}, 7, 2},
		{"older than since on a page that was read", []string{audits(audit(9, 9, none), audit(8, -60, mine))}, 8, 1},
		{"unsorted account: oldest first", []string{audits(audit(1, -90, none), audit(2, -80, none)), audits(audit(9, 9, mine))}, 9, 2},
		{"absent everywhere", []string{audits(audit(9, 9, none)), audits(audit(8, 8, none))}, 0, 2},
		{"no audits", []string{audits()}, 0, 1},
		{"empty page between", []string{audits(audit(9, 9, none)), audits(), audits(audit(8, 8, mine))}, 8, 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, c := setup(t)
			p.pages("GET /api/v2/tickets/7/audits", tt.pages...)
			got, ok, err := c.FindAudit(t.Context(), 7, "effect", "e-1", noon())
			if err != nil || ok != (tt.want != 0) || got.ID != tt.want {
				t.Fatalf("FindAudit = %+v, %v, %v; want %d", got, ok, err, tt.want)
			}
			if ok && !slices.Equal(got.CommentIDs(), []int64{tt.want * 10}) {
				t.Errorf("comment ids = %v", got.CommentIDs())
			}
			if n := len(p.requests()); n != tt.requests {
				t.Errorf("%d requests, want %d", n, tt.requests)
			}
			if q := p.requests()[0].Query; q.Get("sort") != "-created_at" {
				t.Errorf("query = %v", q)
			}
		})
	}
}

func TestFindAuditFails(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.handle("/", http.StatusForbidden, `{}`)
	_, ok, err := c.FindAudit(t.Context(), 7, "effect", "e-1", noon())
	wantKind(t, err, zendesk.KindForbidden)
	if ok {
		t.Error("found in an error")
	}
}

func TestMetadataHas(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, json, key, value string
		want                   bool
	}{
		{"flat", `{"custom":{"effect":"e"}}`, "effect", "e", true},
		{"other value", `{"custom":{"effect":"f"}}`, "effect", "e", false},
		{"nested", `{"custom":{"ponte":{"effect":"e"}}}`, "effect", "e", true},
		{"nested, dotted", `{"custom":{"ponte":{"effect":"e"}}}`, "ponte.effect", "e", true},
		{"nested in another", `{"custom":{"other":{"effect":"e"}}}`, "ponte.effect", "e", false},
		{"dot in the key", `{"custom":{"ponte.effect":"e"}}`, "ponte.effect", "e", true},
		{"two deep", `{"custom":{"a":{"b":{"effect":"e"}}}}`, "effect", "e", false},
		{"number is no text", `{"custom":{"effect":1}}`, "effect", "1", false},
		{"null is no empty text", `{"custom":{"effect":null}}`, "effect", "", false},
		{"absent is no empty text", `{"custom":{}}`, "effect", "", false},
		{"only custom counts", `{"system":{"effect":"e"}}`, "effect", "e", false},
		{"custom is a list", `{"custom":["e"]}`, "effect", "e", false},
		{"no object", `7`, "effect", "e", false},
		{"null", `null`, "effect", "e", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var m zendesk.Metadata
			if err := json.Unmarshal([]byte(tt.json), &m); err != nil {
				t.Fatalf("unmarshal: %v", err)
			}
			if got := m.Has(tt.key, tt.value); got != tt.want {
				t.Errorf("Has = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestAudits(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.pages("GET /api/v2/tickets/7/audits", audits(audit(9, 9, `{}`)), audits(audit(8, 8, `null`)))
	got, err := c.Audits(t.Context(), 7)
	if err != nil || len(got) != 2 || got[0].ID != 9 || got[1].ID != 8 {
		t.Fatalf("Audits = %+v, %v", got, err)
	}
	change := got[0].Events[1]
	if change.FieldName != "status" || string(change.Value) != `"open"` || change.PreviousValue != nil {
		t.Errorf("event = %+v", change)
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.pages("GET /api/v2/groups", `"groups":[{"id":1,"name":"N1","default":true}]`, `"groups":[{"id":2,"name":"N2","deleted":true}]`)
	got, err := c.Groups(t.Context())
	want := []zendesk.Group{{ID: 1, Name: "N1", Default: true}, {ID: 2, Name: "N2", Deleted: true}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
}
