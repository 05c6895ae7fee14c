package zendesk_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/zendesk"
)

func TestUserOrganizations(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.pages("GET /api/v2/users/21/organizations",
		`"organizations":[{"id":40,"name":"Matriz","organization_fields":{"pendencia":"sim"}}]`, `"organizations":[{"id":41,"name":"Filial"}]`)
	got, err := c.UserOrganizations(t.Context(), 21)
	if err != nil || len(got) != 2 || got[0].Name != "Matriz" || string(got[0].Fields["pendencia"]) != `"sim"` || got[1].ID != 41 {
		t.Errorf("UserOrganizations = %+v, %v", got, err)
	}
}

func TestUsersOfARecord(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.pages("GET /api/v2/organizations/40/users", `"users":[{"id":21,"name":"Ana"}]`, `"users":[{"id":22,"name":"Rui"}]`)
	p.pages("GET /api/v2/groups/70/users", `"users":[{"id":31,"role":"agent"}]`)
	got, err := c.OrganizationUsers(t.Context(), 40)
	if diff := cmp.Diff([]zendesk.User{{ID: 21, Name: "Ana"}, {ID: 22, Name: "Rui"}}, got); err != nil || diff != "" {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
	if got, err = c.GroupUsers(t.Context(), 70); err != nil || len(got) != 1 || !got[0].Staff() {
		t.Errorf("GroupUsers = %+v, %v", got, err)
	}
}

func TestGroupMemberships(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.pages("GET /api/v2/group_memberships",
		`"group_memberships":[{"id":1,"user_id":31,"group_id":70,"default":true}]`, `"group_memberships":[{"id":2,"user_id":31,"group_id":71}]`)
	got, err := c.GroupMemberships(t.Context())
	want := []zendesk.GroupMembership{{ID: 1, UserID: 31, GroupID: 70, Default: true}, {ID: 2, UserID: 31, GroupID: 71}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
}

func TestUserGroups(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.pages("GET /api/v2/users/31/groups", `"groups":[{"id":70,"name":"N1","default":true}]`, `"groups":[{"id":71,"name":"N2","deleted":true}]`)
	got, err := c.UserGroups(t.Context(), 31)
	want := []zendesk.Group{{ID: 70, Name: "N1", Default: true}, {ID: 71, Name: "N2", Deleted: true}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
	p, c = setup(t)
	p.handle("GET /api/v2/users/31/groups", http.StatusNotFound, `{"error":"RecordNotFound"}`)
	if got, err := c.UserGroups(t.Context(), 31); zendesk.KindOf(err) != zendesk.KindNotFound {
		t.Errorf("groups of nobody: %+v, %v", got, err)
	}
}

func TestAddOrganizationMembership(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.handle("POST /api/v2/organization_memberships", http.StatusCreated,
		`{"organization_membership":{"id":9,"user_id":21,"organization_id":40,"default":true}}`)
	got, err := c.AddOrganizationMembership(t.Context(), zendesk.OrganizationMembership{UserID: 21, OrganizationID: 40})
	want := zendesk.OrganizationMembership{ID: 9, UserID: 21, OrganizationID: 40, Default: true}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
	wantJSON(t, p.only().Body, `{"organization_membership":{"user_id":21,"organization_id":40}}`)
}

// ticketPages answers an organisation's tickets by number: each entry is one page's ids, the newest first.
func (p *peer) ticketPages(pages ...[]int64) {
	p.mux.HandleFunc("GET /api/v2/organizations/40/tickets", func(w http.ResponseWriter, r *http.Request) {
		at := 0
		if _, err := fmt.Sscan(r.URL.Query().Get("page"), &at); err != nil || at < 1 || at > len(pages) {
			answer(w, http.StatusBadRequest, `{}`)
			return
		}
		var tickets, users []string
		for _, id := range pages[at-1] {
			made := noon().Add(time.Duration(id) * time.Minute).Format(time.RFC3339)
			requester := 20 + id%2
			tickets = append(tickets, fmt.Sprintf(`{"id":%d,"requester_id":%d,"created_at":%q}`, id, requester, made))
			users = append(users, fmt.Sprintf(`{"id":%d,"external_id":"e-%d"}`, requester, requester))
		}
		next := `null`
		if at < len(pages) {
			next = `"https://acme.zendesk.com/next"`
		}
		answer(w, http.StatusOK, `{"tickets":[`+strings.Join(tickets, ",")+`],"users":[`+strings.Join(users, ",")+`],"next_page":`+next+`}`)
	})
}

func TestOrganizationTickets(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		pages    [][]int64
		most     int
		want     []int64
		requests int
	}{
		{"all of one page", [][]int64{{9, 8, 7}}, 10, []int64{9, 8, 7}, 1},
		{"enough on the first page", [][]int64{{9, 8, 7}, {6}}, 2, []int64{9, 8}, 1},
		{"exactly the first page", [][]int64{{9, 8, 7}, {6}}, 3, []int64{9, 8, 7}, 1},
		{"two pages", [][]int64{{9, 8, 7}, {6, 5}}, 4, []int64{9, 8, 7, 6}, 2},
		{"the list moved while it was read", [][]int64{{9, 8}, {8, 7}}, 10, []int64{9, 8, 7}, 2},
		{"an account that does not sort", [][]int64{{7, 9, 8}}, 10, []int64{9, 8, 7}, 1},
		{"an empty page ends it", [][]int64{{9}, {}, {8}}, 10, []int64{9}, 2},
		{"none", [][]int64{{}}, 10, nil, 1},
		{"none wanted", [][]int64{{9}}, 0, nil, 0},
		{"fewer than none wanted", [][]int64{{9}}, -1, nil, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, c := setup(t)
			p.ticketPages(tt.pages...)
			got, users, err := c.OrganizationTickets(t.Context(), 40, tt.most)
			var ids []int64
			for _, ticket := range got {
				ids = append(ids, ticket.ID)
				if u := users[ticket.RequesterID]; u.ID != ticket.RequesterID || u.ExternalID != fmt.Sprintf("e-%d", u.ID) {
					t.Errorf("requester %d of ticket %d is %+v", ticket.RequesterID, ticket.ID, u)
				}
			}
			if diff := cmp.Diff(tt.want, ids); err != nil || diff != "" {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
			seen := p.requests()
			if len(seen) != tt.requests {
				t.Fatalf("%d requests, want %d", len(seen), tt.requests)
			}
			for i, r := range seen {
				want := fmt.Sprintf("include=users&page=%d&per_page=100&sort_by=created_at&sort_order=desc", i+1)
				if q := r.Query.Encode(); q != want {
					t.Errorf("query = %s, want %s", q, want)
				}
			}
		})
	}
}

func TestOrganizationTicketsStopsWherePagingEnds(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	pages := make([][]int64, 150)
	for i := range pages {
		pages[i] = []int64{int64(1000 - i)}
	}
	p.ticketPages(pages...)
	got, users, err := c.OrganizationTickets(t.Context(), 40, 1_000)
	if err != nil || len(got) != 100 || len(users) != 2 || len(p.requests()) != 100 {
		t.Errorf("%d tickets of %d people by %d requests, %v; want 100 pages of 100 places", len(got), len(users), len(p.requests()), err)
	}
}

func TestOrganizationTicketsFailsWhole(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.mux.HandleFunc("GET /api/v2/organizations/40/tickets", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("page") == "1" {
			answer(w, http.StatusOK, `{"tickets":[{"id":9}],"users":[{"id":20}],"next_page":"x"}`)
			return
		}
		answer(w, http.StatusForbidden, `{}`)
	})
	got, users, err := c.OrganizationTickets(t.Context(), 40, 10)
	wantKind(t, err, zendesk.KindForbidden)
	if got != nil || users != nil {
		t.Errorf("half a list: %+v, %+v", got, users)
	}
}
