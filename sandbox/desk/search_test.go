package desk_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

// found searches and returns the sorted ids of the results.
func (b *bench) found(query string) []int64 {
	b.t.Helper()
	r := b.get("/api/v2/search.json?query=" + url.QueryEscape(query)).want(200)
	ids := []int64{}
	for i := range r.len("results") {
		ids = append(ids, r.id("results", i, "id"))
	}
	slices.Sort(ids)
	return ids
}

func TestSearchTickets(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana := b.user("Ana Beatriz Souza")
	csat := b.field("Avaliação (CSAT)")
	one := b.ticket(object{"subject": "Erro na impressora fiscal", "external_id": "s1", "tags": []string{"whatsapp", "vip"}})
	b.pass(time.Hour)
	two := b.ticket(object{
		"subject": "Outro assunto", "status": "solved", "assignee_id": ana.ID, "priority": "high", "type": "task",
		"custom_fields": []object{{"id": csat, "value": 4}},
	})
	b.pass(time.Minute)
	for query, want := range map[string][]int64{
		"type:ticket tags:whatsapp":                                          {one, two},
		"type:ticket tags:whatsapp tags:vip":                                 {one, two}, // one key: alternatives
		"type:ticket tags:vip":                                               {one},
		"type:ticket tags:whatsapp -tags:vip":                                {two},
		"type:ticket tags:whatsapp status:solved":                            {two},
		"type:ticket tags:whatsapp status<solved":                            {one},
		"type:ticket tags:whatsapp status>=solved":                           {two},
		"type:ticket external_id:s1":                                         {one},
		"type:ticket external_id:s":                                          {},
		"type:ticket external_id:s*":                                         {one},
		"type:ticket impressora":                                             {one},
		`type:ticket "impressora fiscal"`:                                    {one},
		`type:ticket "fiscal impressora"`:                                    {},
		"type:ticket fiscal impressora":                                      {one},
		"type:ticket subject:assunto":                                        {two},
		"type:ticket ajuda":                                                  {one, two},
		"type:ticket comment:ajuda tags:vip":                                 {one},
		"type:ticket description:preciso tags:vip":                           {one},
		"type:ticket assignee:none tags:whatsapp":                            {one},
		"type:ticket assignee:ana.souza@desk.example":                        b.assigned(ana.ID),
		`type:ticket assignee:"Ana Beatriz Souza" tags:whatsapp`:             {two},
		"type:ticket tags:whatsapp requester:" + itoa(ana.ID):                {},
		`type:ticket tags:whatsapp organization:"Distribuidora Aurora Ltda"`: {one, two},
		`type:ticket tags:whatsapp group:"Suporte N1"`:                       {two},
		"type:ticket tags:whatsapp group:none":                               {one},
		"type:ticket created>2026-11-22T12:30:00Z":                           {two},
		"type:ticket created>=2026-11-22":                                    {one, two},
		"type:ticket created:2026-11-22":                                     {one, two},
		"type:ticket updated<2026-11-22T12:30:00Z tags:whatsapp":             {one},
		"type:ticket solved>2026-11-22":                                      {two},
		"type:ticket priority:high":                                          {two},
		"type:ticket ticket_type:task tags:whatsapp":                         {two},
		"type:ticket custom_field_" + itoa(csat) + ":4":                      {two},
		"type:ticket id:" + itoa(one):                                        {one},
		"type:ticket submitter:none":                                         {},
		"type:group winthor":                                                 {b.group("WINTHOR WHATSAPP")},
		"type:organization segmento:varejo":                                  {b.org("Mercantil Serra Azul Ltda")},
		"type:organization external_id:12abc34501de35":                       {b.org("Comercial Ipê Alimentos Ltda")},
		"type:organization 7Q4ZT81K000135":                                   {b.org("Laticínios Campo Novo S.A.")},
		"type:user tags:x":                                                   {},
		"nada-disso":                                                         {},
	} {
		slices.Sort(want)
		if got := b.found(query); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
}

func TestTheIndexLags(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ set, lag time.Duration }{
		"by default": {0, 30 * time.Second}, "as set": {5 * time.Minute, 5 * time.Minute}, "not at all": {-1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, func(c *desk.Config) { c.SearchLag = tt.set })
			is := func(want ...int64) {
				t.Helper()
				if got := b.found("type:ticket external_id:s1 status:new"); !slices.Equal(got, want) {
					t.Errorf("found %v, want %v", got, want)
				}
			}
			id := b.ticket(object{"external_id": "s1"})
			if tt.lag > 0 {
				is()
				b.pass(tt.lag - time.Second)
				is()
			}
			b.pass(time.Second)
			is(id)
			// A change shows as late, and until then the old version is found.
			b.put(id, object{"status": "open", "comment": object{"body": "palavra nova"}}).want(200)
			if tt.lag > 0 {
				is(id)
				if got := b.found("palavra"); len(got) > 0 {
					t.Error("the new comment is found already")
				}
			}
			b.pass(tt.lag)
			is()
			if got := b.found("palavra"); !slices.Equal(got, []int64{id}) {
				t.Errorf("found %v", got)
			}
			b.call("DELETE", ticketPath(id), nil).want(204)
			b.pass(tt.lag)
			if got := b.found("palavra"); len(got) > 0 {
				t.Error("a deleted ticket is found")
			}
		})
	}
}

func TestSearchAnswer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for range 3 {
		b.ticket(nil)
		b.pass(time.Minute)
	}
	q := "/api/v2/search?query=" + url.QueryEscape("type:ticket tags:whatsapp")
	newest := b.desk.Tickets()[seededTickets+2].ID
	b.get(q).want(200).is(3, "count").is("ticket", "results", 0, "result_type").is(newest, "results", 0, "id")
	b.get(q+"&sort_by=created_at&sort_order=asc").is(newest, "results", 2, "id")
	b.get(q+"&sort_by=status").is(3, "count")
	b.get(q+"&per_page=2&page=2").want(200).is(nil, "next_page").is(newest-2, "results", 0, "id")
	b.get("/api/v2/search/count?query=type:ticket+tags:whatsapp").want(200).is(3, "count")
	for _, kind := range []string{"user", "organization", "group", "ticket"} {
		b.get("/api/v2/search?query=type:"+kind).want(200).is(kind, "results", 0, "result_type")
	}
	for _, bad := range []string{"", "?query=", "?query=+", "?query=x&page=11"} {
		b.get("/api/v2/search"+bad).want(422).is("invalid", "error")
	}
}

func TestSearchExport(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for range 5 {
		b.ticket(nil)
	}
	b.pass(time.Minute)
	var got []int64
	next := "/api/v2/search/export?filter[type]=ticket&page[size]=2&query=tags:whatsapp"
	for next != "" {
		r := b.get(next).want(200)
		for i := range r.len("results") {
			got = append(got, r.id("results", i, "id"))
		}
		next = strings.TrimPrefix(r.text("links", "next"), baseURL)
	}
	if len(got) != 5 || !slices.IsSorted(got) {
		t.Errorf("exported %v", got)
	}
	b.get("/api/v2/search/export?query=tags:whatsapp").want(422)
	b.get("/api/v2/search/export?filter[type]=ticket&query=type:ticket").want(422)
	b.get("/api/v2/search/export?filter[type]=user&query=role:agent").want(200).is(false, "meta", "has_more")
}
