package zendesk_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/zendesk"
)

func TestTicketWithUsers(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.handle("GET /api/v2/tickets/7", http.StatusOK, `{"ticket":{"id":7,"requester_id":21},"users":[{"id":21,"name":"Ana"},{"id":22,"name":"Rui"}]}`)
	got, users, err := c.TicketWithUsers(t.Context(), 7)
	if err != nil || got.RequesterID != 21 || len(users) != 2 || users[21].Name != "Ana" {
		t.Errorf("%+v, %+v, %v", got, users, err)
	}
	if q := p.requests()[0].Query; q.Get("include") != "users" {
		t.Errorf("query = %v", q)
	}
	for status, kind := range map[int]zendesk.Kind{http.StatusNotFound: zendesk.KindNotFound, http.StatusOK: zendesk.KindServer} {
		p, c := setup(t)
		p.handle("GET /api/v2/tickets/7", status, `{"error":"RecordNotFound"}`)
		if _, _, err := c.TicketWithUsers(t.Context(), 7); zendesk.KindOf(err) != kind {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestNewestComments(t *testing.T) {
	t.Parallel()
	sorted := []string{comments(comment(16, 16), comment(15, 15)), comments(comment(14, 14), comment(13, 13)), comments(comment(12, 12))}
	unsorted := []string{comments(comment(11, 11), comment(12, 12)), comments(comment(13, 13))}
	for _, tt := range []struct {
		name     string
		pages    []string
		most     int
		want     []int64
		more     bool
		requests int
	}{
		{"one page of three", sorted, 1, []int64{15, 16}, true, 1},
		{"two pages of three", sorted, 2, []int64{13, 14, 15, 16}, true, 2},
		{"all", sorted, 3, []int64{12, 13, 14, 15, 16}, false, 3},
		{"more than there are", sorted, 9, []int64{12, 13, 14, 15, 16}, false, 3},
		{"an account that does not sort", unsorted, 1, []int64{11, 12, 13}, false, 2},
		{"none", []string{comments()}, 2, nil, false, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, c := setup(t)
			p.pages("GET /api/v2/tickets/7/comments", tt.pages...)
			got, users, more, err := c.NewestComments(t.Context(), 7, tt.most)
			if err != nil {
				t.Fatal(err)
			}
			var ids []int64
			for _, comment := range got {
				ids = append(ids, comment.ID)
			}
			if diff := cmp.Diff(tt.want, ids); diff != "" || more != tt.more || users[21].Name != "Ana" && len(ids) > 0 {
				t.Errorf("more %v, users %+v, ids (-want +got):\n%s", more, users, diff)
			}
			if n := len(p.requests()); n != tt.requests {
				t.Errorf("%d requests, want %d", n, tt.requests)
			}
			q := p.requests()[0].Query
			if q.Get("sort") != "-created_at" || q.Get("include") != "users" || q.Get("page[size]") != "100" {
				t.Errorf("query = %v", q)
			}
		})
	}
	p, c := setup(t)
	p.handle("GET /api/v2/tickets/7/comments", http.StatusTooManyRequests, `{}`)
	if got, _, _, err := c.NewestComments(t.Context(), 7, 1); zendesk.KindOf(err) != zendesk.KindLimited || got != nil {
		t.Errorf("%v, %v", got, err)
	}
}

func TestNewestAudits(t *testing.T) {
	t.Parallel()
	const none = `{"custom":{},"system":{}}`
	sorted := []string{audits(audit(9, 9, none), audit(8, 8, none)), audits(audit(7, 7, none))}
	for _, tt := range []struct {
		name  string
		pages []string
		most  int
		want  []int64
		more  bool
	}{
		{"the newest", sorted, 1, []int64{8, 9}, true},
		{"all", sorted, 2, []int64{7, 8, 9}, false},
		{"an account that does not sort", []string{audits(audit(1, 1, none), audit(2, 2, none)), audits(audit(3, 3, none))}, 1, []int64{1, 2, 3}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, c := setup(t)
			p.pages("GET /api/v2/tickets/7/audits", tt.pages...)
			got, more, err := c.NewestAudits(t.Context(), 7, tt.most)
			if err != nil {
				t.Fatal(err)
			}
			var ids []int64
			for _, a := range got {
				ids = append(ids, a.ID)
			}
			if diff := cmp.Diff(tt.want, ids); diff != "" || more != tt.more {
				t.Errorf("more %v, ids (-want +got):\n%s", more, diff)
			}
		})
	}
	p, c := setup(t)
	p.handle("GET /api/v2/tickets/7/audits", http.StatusNotFound, `{}`)
	if got, _, err := c.NewestAudits(t.Context(), 7, 1); zendesk.KindOf(err) != zendesk.KindNotFound || got != nil {
		t.Errorf("%v, %v", got, err)
	}
}

func TestMetadataText(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		`{"custom":{"a":"1"}}`: "1", `{"custom":{"x":{"a":"2"}}}`: "2", `{"custom":{"a":3}}`: "", `{"custom":{"x":{"b":"2"},"y":"z"}}`: "", `{}`: "", `[]`: "",
	} {
		var m zendesk.Metadata
		if err := json.Unmarshal([]byte(raw), &m); err != nil {
			t.Fatal(err)
		}
		if got := m.Text("a"); got != want {
			t.Errorf("%s says %q, want %q", raw, got, want)
		}
	}
}
