package desk_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

// lists are the API's lists: their paths and the key that holds the items.
func lists() map[string]string {
	return map[string]string{
		"/api/v2/tickets": "tickets", "/api/v2/users": "users", "/api/v2/organizations": "organizations", "/api/v2/groups": "groups",
		"/api/v2/group_memberships": "group_memberships", "/api/v2/organization_memberships": "organization_memberships",
		"/api/v2/macros": "macros", "/api/v2/macros/active": "macros", "/api/v2/views": "views", "/api/v2/triggers": "triggers",
		"/api/v2/triggers/active": "triggers", "/api/v2/ticket_fields": "ticket_fields", "/api/v2/organization_fields": "organization_fields",
		"/api/v2/users/search?query=role:agent": "users", "/api/v2/search?query=type:user": "results",
		"/api/v2/users/{marcos}/tickets/requested": "tickets", "/api/v2/users/{juliana}/identities": "identities",
		"/api/v2/users/{juliana}/organizations": "organizations", "/api/v2/groups/{queue}/users": "users",
		"/api/v2/organizations/{aurora}/tickets": "tickets", "/api/v2/organizations/{aurora}/users": "users",
		"/api/v2/tickets/{ticket}/comments": "comments", "/api/v2/tickets/{ticket}/audits": "audits",
		"/api/v2/views/{unsolved}/tickets": "tickets",
	}
}

func (b *bench) inList(path string, ticket int64) string {
	b.t.Helper()
	return strings.NewReplacer(
		"{marcos}", itoa(b.user("Marcos Vinícius Teixeira").ID), "{juliana}", itoa(b.user("Juliana Castro").ID),
		"{queue}", itoa(b.group("WINTHOR WHATSAPP")), "{aurora}", itoa(b.org("Distribuidora Aurora Ltda")), "{ticket}", itoa(ticket),
		"{unsolved}", itoa(b.named("/api/v2/views", "views", "title", "Todos os tickets não resolvidos")),
	).Replace(path)
}

// with adds parameters to a path; they come in pairs.
func with(path string, params ...string) string {
	at, query, _ := strings.Cut(path, "?")
	q, err := url.ParseQuery(query)
	if err != nil {
		panic(err)
	}
	for i := 0; i < len(params); i += 2 {
		q.Set(params[i], params[i+1])
	}
	return at + "?" + q.Encode()
}

// TestEveryListPagesByOffset walks every list with pages of two and compares with the list in one page.
func TestEveryListPagesByOffset(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ticket := b.talk(4)
	b.pass(1)
	for path, key := range lists() {
		path := b.inList(path, ticket)
		whole := b.get(path).want(200)
		want := whole.ids(key)
		if whole.id("count") != int64(len(want)) || len(want) < 2 || whole.at("next_page") != nil || whole.at("previous_page") != nil {
			t.Errorf("%s: count %v of %d, next %v", path, whole.at("count"), len(want), whole.at("next_page"))
			continue
		}
		var got []int64
		next, pages := with(path, "per_page", "2"), 0
		for next != "" && pages < 100 {
			pages++
			r := b.get(next).want(200).is(len(want), "count")
			if n := r.len(key); n > 2 || n == 0 {
				t.Errorf("%s: %d items in a page", next, n)
			}
			if (r.at("previous_page") != nil) != (pages > 1) {
				t.Errorf("%s: previous %v on page %d", path, r.at("previous_page"), pages)
			}
			got = append(got, r.ids(key)...)
			next = strings.TrimPrefix(r.text("next_page"), baseURL)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s by pages: %v, want %v", path, got, want)
		}
		b.get(with(path, "page", "99", "per_page", "2")).want(200).is([]any{}, key).is(nil, "next_page")
	}
}

// TestEveryListPagesByCursor goes forward to the end and back to the beginning.
func TestEveryListPagesByCursor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ticket := b.talk(4)
	for path, key := range lists() {
		if strings.Contains(path, "/search") {
			continue // offset only
		}
		path := b.inList(path, ticket)
		want := b.get(path).want(200).ids(key)
		var got []int64
		var last *reply
		next := with(path, "page[size]", "2")
		for next != "" && len(got) <= len(want) {
			last = b.get(next).want(200).is(nil, "count")
			got = append(got, last.ids(key)...)
			next = strings.TrimPrefix(last.text("links", "next"), baseURL)
			if more := next != ""; last.at("meta", "has_more") != more {
				t.Errorf("%s: has_more %v, link %q", path, last.at("meta", "has_more"), next)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s forward: %v, want %v", path, got, want)
			continue
		}
		back := last.ids(key)
		prev := strings.TrimPrefix(last.text("links", "prev"), baseURL)
		for prev != "" && len(back) <= len(want) {
			r := b.get(prev).want(200)
			back = append(r.ids(key), back...)
			prev = strings.TrimPrefix(r.text("links", "prev"), baseURL)
		}
		if !slices.Equal(back, want) {
			t.Errorf("%s backward: %v, want %v", path, back, want)
		}
	}
}

func TestSizesOfPages(t *testing.T) {
	t.Parallel()
	b := setup(t, noHooks)
	b.restart("")
	for n := range 130 {
		b.ticket(object{"subject": fmt.Sprint(n)})
	}
	total := 130 + seededTickets
	for query, want := range map[string]int{
		"":                           100,
		"?per_page=100":              100,
		"?per_page=101":              100,
		"?per_page=7":                7,
		"?per_page=0":                1,
		"?per_page=-3":               1,
		"?per_page=x":                100,
		"?page=2":                    min(total-100, 100),
		"?page=2&per_page=100":       min(total-100, 100),
		"?page=0":                    100,
		"?page=-1":                   100,
		"?page=x":                    100,
		"?page[size]=100":            100,
		"?page[size]=1000":           100,
		"?page[size]=0":              1,
		"?page[size]=x":              100,
		"?page[size]=5":              5,
		"?page[after]=&page[size]=5": 5,
	} {
		if got := b.get("/api/v2/tickets" + query).want(200).len("tickets"); got != want {
			t.Errorf("%q: %d tickets, want %d", query, got, want)
		}
	}
	for _, query := range []string{
		"?page[after]=x", "?page[after]=aWQ6", "?page[before]=!!", "?page[after]=aWQ6OTk5OTk5", "?page[size]=5&page[after]=Zm9v",
	} {
		b.get("/api/v2/tickets"+query).want(400).is("InvalidCursor", "error")
	}
	// What is deleted after a cursor was taken cannot be found again.
	r := b.get("/api/v2/tickets?page[size]=2").want(200)
	b.call("DELETE", ticketPath(r.id("tickets", 1, "id")), nil).want(204)
	b.get("/api/v2/tickets?page[size]=2&page[after]=" + r.text("meta", "after_cursor")).want(400)
}

func TestLinksKeepTheQuestion(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.get("/api/v2/tickets.json?per_page=2&sort_by=created_at&sort_order=desc&include=users").want(200).
		is(baseURL+"/api/v2/tickets.json?include=users&page=2&per_page=2&sort_by=created_at&sort_order=desc", "next_page")
	r := b.get("/api/v2/users?role[]=agent&role[]=admin&page[size]=2").want(200)
	next, err := url.Parse(r.text("links", "next"))
	if err != nil {
		t.Fatal(err)
	}
	q := next.Query()
	if !slices.Equal(q["role[]"], []string{"agent", "admin"}) || q.Get("page[size]") != "2" || q.Get("page[after]") == "" {
		t.Errorf("next %v", q)
	}
	second := b.get(strings.TrimPrefix(r.text("links", "next"), baseURL)).want(200)
	prev, err := url.Parse(second.text("links", "prev"))
	if err != nil {
		t.Fatal(err)
	}
	if prev.Query().Has("page[after]") || prev.Query().Get("page[before]") == "" {
		t.Errorf("prev %v", prev.Query())
	}
}

func TestOrdersOfTickets(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var ids []int64
	for i, subject := range []string{"banana", "Abacate", "caju"} {
		b.pass(1e9)
		ids = append(ids, b.ticket(object{"subject": subject, "status": []string{"pending", "open", "hold"}[i]}))
	}
	b.pass(1e9)
	b.put(ids[0], object{"priority": "low"}).want(200)
	order := func(query string) string {
		r := b.get("/api/v2/tickets?external_id=" + query).want(200)
		var out []string
		for _, id := range r.ids("tickets") {
			if at := slices.Index(ids, id); at >= 0 {
				out = append(out, fmt.Sprint(at))
			}
		}
		return strings.Join(out, "")
	}
	for query, want := range map[string]string{
		"":                                      "012",
		"&sort_order=desc":                      "210",
		"&sort=-id":                             "210",
		"&sort_by=created_at":                   "012",
		"&sort_by=created_at&sort_order=desc":   "210",
		"&sort=created_at":                      "012",
		"&sort=-created_at":                     "210",
		"&sort_by=updated_at":                   "120",
		"&sort_by=updated_at&sort_order=desc":   "021",
		"&sort=-updated_at":                     "021",
		"&sort_by=status":                       "102",
		"&sort_by=status&sort_order=desc":       "201",
		"&sort_by=subject":                      "102",
		"&sort_by=subject&sort_order=desc":      "201",
		"&sort_by=nothing":                      "012",
		"&sort_by=subject&sort=-created_at":     "102",
		"&sort_by=subject&sort_order=anything":  "102",
		"&sort=subject&sort_order=desc":         "201",
		"&sort=-updated_at&sort_order=whatever": "021",
	} {
		if got := order(query); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

func TestListsOfSomebodysTickets(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana, juliana := b.user("Ana Beatriz Souza").ID, b.user("Juliana Castro").ID
	id := b.ticket(object{"assignee_id": ana, "email_ccs": []object{{"user_id": juliana}}})
	user := func(id int64, rest string) string { return "/api/v2/users/" + itoa(id) + "/tickets/" + rest }
	b.get(user(ana, "assigned")).want(200).is(len(b.assigned(ana)), "count").is(id, "tickets", -1, "id")
	b.get(user(ana, "assigned/count")).want(200).is(len(b.assigned(ana)), "count", "value")
	b.get(user(juliana, "ccd")).want(200).is(1, "count").is(id, "tickets", 0, "id")
	b.get(user(juliana, "requested")).want(200).is(2, "count").is(lastSeeded-2, "tickets", 1, "id")
	b.get(user(juliana, "requested/count")).want(200).is(2, "count", "value")
	org := "/api/v2/organizations/" + itoa(b.org("Distribuidora Aurora Ltda")) + "/tickets"
	b.get(org).want(200).is(8, "count")
	b.get(org+"/count").want(200).is(8, "count", "value")
	for _, rest := range []string{"assigned", "assigned/count", "requested", "requested/count", "ccd"} {
		b.get(user(5, rest)).want(404)
	}
	b.get("/api/v2/organizations/5/tickets").want(404)
	b.get("/api/v2/organizations/5/tickets/count").want(404)
	// A deleted ticket is in no list.
	b.call("DELETE", ticketPath(id), nil).want(204)
	b.get(user(ana, "assigned")).want(200).is(len(b.assigned(ana)), "count")
	b.get(user(juliana, "ccd")).want(200).is(0, "count")
}

func TestWhatIsShownBesideTickets(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana := b.user("Ana Beatriz Souza").ID
	id := b.ticket(object{"assignee_id": ana, "group_id": b.group("WINTHOR WHATSAPP")})
	r := b.get(ticketPath(id, "?include=users,organizations,groups,comment_count")).want(200)
	r.is(1, "ticket", "comment_count").is("Distribuidora Aurora Ltda", "organizations", 0, "name").is("WINTHOR WHATSAPP", "groups", 0, "name")
	names := map[string]bool{}
	for i := range r.len("users") {
		names[r.text("users", i, "name")] = true
	}
	if !names["Ana Beatriz Souza"] || !names["Marcos Vinícius Teixeira"] {
		t.Errorf("users %v", names)
	}
	bare := b.ticket(object{"requester_id": b.user("Gustavo Pires").ID})
	b.get(ticketPath(bare, "?include=organizations,groups,nothing")).want(200).is([]any{}, "organizations").is([]any{}, "groups").is(nil, "nothing")
	b.get("/api/v2/tickets/show_many?ids="+itoa(id)+",5,"+itoa(bare)).want(200).is(2, "count")
	b.get("/api/v2/tickets/show_many?ids=x").want(400)
	b.get("/api/v2/tickets/show_many").want(200).is(0, "count")
	many := make([]string, 101)
	for i := range many {
		many[i] = itoa(int64(i + 1))
	}
	b.get("/api/v2/tickets/show_many?ids=" + strings.Join(many, ",")).want(400)
	b.get("/api/v2/tickets/show_many?ids=" + strings.Join(many[1:], ",")).want(200)
	b.get("/api/v2/tickets/count").want(200).is(seededTickets+2, "count", "value").is("2026-11-22T12:00:00Z", "count", "refreshed_at")
}

// TestEmptyListsAreLists is about JSON: what is empty is [], not null.
func TestEmptyListsAreLists(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *desk.Config) { c.WebhookURL = "" })
	id := b.ticket(object{"tags": []string{}})
	r := b.get(ticketPath(id)).want(200)
	for _, key := range []string{"tags", "collaborator_ids", "follower_ids", "email_cc_ids", "followup_ids", "sharing_agreement_ids"} {
		r.is([]any{}, "ticket", key)
	}
	b.get(ticketPath(id, "/tags")).want(200).is([]any{}, "tags")
	b.get(ticketPath(id, "/comments")).want(200).is([]any{}, "comments", 0, "attachments")
	b.get("/api/v2/job_statuses").want(200).is([]any{}, "job_statuses")
	b.get("/api/v2/webhooks").want(200).is([]any{}, "webhooks")
	b.get("/api/v2/users/search?query=ninguem").want(200).is([]any{}, "users")
	b.get("/api/v2/search?query=ninguem").want(200).is([]any{}, "results")
	b.get("/api/v2/incremental/tickets/cursor?start_time=1795300000").want(200).is([]any{}, "tickets")
	b.get("/api/v2/incremental/ticket_events?start_time=1795300000").want(200).is([]any{}, "ticket_events")
	b.get("/api/v2/users/"+itoa(b.user("Gustavo Pires").ID)+"/organizations").want(200).is([]any{}, "organizations")
	b.get("/api/v2/ticket_forms").want(200).is("Suporte Winthor", "ticket_forms", 0, "name")
	p := b.newPerson(object{"name": "Nova"})
	b.get(p.path()).want(200).is([]any{}, "user", "tags").is(object{}, "user", "user_fields")
	org := b.call("POST", "/api/v2/organizations", object{"organization": object{"name": "Vazia"}}).want(201)
	org.is([]any{}, "organization", "tags").is([]any{}, "organization", "domain_names")
}
