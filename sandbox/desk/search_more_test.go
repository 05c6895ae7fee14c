package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestSearchesOfPeopleAndCompanies asks for users and organisations by every key.
func TestSearchesOfPeopleAndCompanies(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.call("POST", "/api/v2/user_fields", object{"user_field": object{"type": "text", "title": "Cargo", "key": "cargo"}}).want(201)
	p := b.newPerson(object{
		"name": "Zuleica Prado", "email": "zuleica@aurora.example", "notes": "prefere e-mail", "tags": []string{"vip", "atacado"},
		"external_id": "Ponte:77", "user_fields": object{"cargo": "Compras"}, "organization_id": b.org("Distribuidora Aurora Ltda"),
	})
	org := b.call("POST", "/api/v2/organizations", object{"organization": object{
		"name": "Padaria São João", "external_id": "98765432000198", "notes": "Cliente antigo", "details": "Matriz", "tags": []string{"padaria"},
		"organization_fields": object{"cnpj": "98.765.432/0001-98", "segmento": "Varejo"},
	}}).want(201).id("organization", "id")
	b.pass(time.Minute)
	for query, want := range map[string][]int64{
		"type:user zuleica":                          {p.id},
		"type:user zuleica prado":                    {p.id},
		"type:user name:zuleica":                     {p.id},
		`type:user "Zuleica Prado"`:                  {p.id},
		"type:user prefere":                          {p.id},
		"type:user notes:prefere":                    {p.id},
		"type:user email:zuleica@aurora.example":     {p.id},
		"type:user zuleica@aurora.example":           {p.id},
		"type:user tags:vip":                         {p.id},
		"type:user tags:vip tags:nada":               {p.id},
		"type:user -tags:vip zuleica":                {},
		"type:user external_id:ponte:77":             {p.id},
		"type:user ponte:77":                         {},
		"type:user cargo:compras":                    {p.id},
		"type:user cargo:nada":                       {},
		`type:user organization:"Padaria São João"`:  {},
		"type:user organization:none name:ponte":     {b.user("Ponte (integração)").ID},
		"type:user role:admin name:zuleica":          {},
		"type:organization padaria":                  {org},
		"type:organization name:padaria":             {org},
		"type:organization antigo":                   {org},
		"type:organization notes:antigo":             {org},
		"type:organization matriz":                   {org},
		"type:organization tags:padaria":             {org},
		"type:organization external_id:98765432*":    {org},
		"type:organization external_id:*000198":      {org},
		"type:organization 98.765.432/0001-98":       {org},
		"type:organization cnpj:98.765.432/0001-98":  {org},
		"type:organization segmento:varejo padaria":  {org},
		"type:organization pendencia_financeira:sim": {b.org("Atacado Boa Vista S.A."), b.org("Laticínios Campo Novo S.A.")},
		"type:organization nada":                     {},
		"type:group name:winthor":                    {b.group("WINTHOR WHATSAPP")},
		"type:group nada":                            {},
		"type:nada zuleica":                          {},
		"zuleica":                                    {p.id},
		`"padaria são"`:                              {org},
	} {
		slices.Sort(want)
		if got := b.found(query); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
}

func TestOrdersOfSearches(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var ids []int64
	for i, more := range []object{
		{"status": "pending", "priority": "low", "type": "task"},
		{"status": "open", "priority": "urgent", "type": "question"},
		{"status": "hold", "priority": "high", "type": "incident"},
	} {
		b.pass(time.Minute)
		more["subject"] = fmt.Sprint("procurado ", i)
		ids = append(ids, b.ticket(more))
	}
	b.pass(time.Minute)
	b.put(ids[0], object{"tags": []string{"tocado"}}).want(200)
	b.pass(time.Minute)
	for query, want := range map[string]string{
		"":                                    "021",
		"&sort_by=relevance":                  "021",
		"&sort_by=updated_at":                 "021",
		"&sort_by=updated_at&sort_order=asc":  "120",
		"&sort_by=created_at":                 "210",
		"&sort_by=created_at&sort_order=desc": "210",
		"&sort_by=created_at&sort_order=asc":  "012",
		"&sort_by=status&sort_order=asc":      "102",
		"&sort_by=status":                     "201",
		"&sort_by=priority&sort_order=asc":    "201",
		"&sort_by=ticket_type&sort_order=asc": "210",
	} {
		got := ""
		for _, id := range b.get("/api/v2/search?query=type:ticket+procurado" + query).want(200).ids("results") {
			got += fmt.Sprint(slices.Index(ids, id))
		}
		if got != want {
			t.Errorf("%q: %s, want %s", query, got, want)
		}
	}
	// People and companies have a date of making as well.
	for _, kind := range []string{"user", "organization", "group"} {
		up := b.get("/api/v2/search?query=type:" + kind + "&sort_by=created_at&sort_order=asc").want(200)
		if up.len("results") < 4 || up.text("results", 0, "result_type") != kind || !strings.HasPrefix(up.text("results", 0, "url"), baseURL) {
			t.Errorf("%s: %s", kind, up.raw)
		}
		b.get("/api/v2/search?query=type:"+kind+"&sort_by=status").want(200).is(up.len("results"), "count")
	}
}

func TestSearchesRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, path := range map[string]string{
		"no query":               "/api/v2/search",
		"empty query":            "/api/v2/search?query=",
		"white query":            "/api/v2/search?query=%20",
		"quotes alone":           "/api/v2/search?query=%22%22",
		"too deep":               "/api/v2/search?query=x&page=11&per_page=100",
		"too deep, small pages":  "/api/v2/search?query=x&page=1001&per_page=1",
		"export without a type":  "/api/v2/search/export?query=x",
		"export of all":          "/api/v2/search/export?query=x&filter[type]=all",
		"export, type in query":  "/api/v2/search/export?query=type:ticket+x&filter[type]=ticket",
		"export of topics":       "/api/v2/search/export?query=x&filter[type]=topic",
		"count without a query":  "/api/v2/search/count",
		"count with empty query": "/api/v2/search/count?query=%20%20",
	} {
		r := b.get(path).want(422).is("invalid", "error")
		if !strings.HasPrefix(r.text("description"), "Invalid search: ") {
			t.Errorf("%s: %s", name, r.raw)
		}
	}
	b.get("/api/v2/search?query=type:user&page=10&per_page=100").want(200).is([]any{}, "results")
}

func TestExportsOfSearches(t *testing.T) {
	t.Parallel()
	b := setup(t, noHooks)
	b.restart("")
	var want []int64
	for n := range 120 {
		if n%40 == 0 {
			b.pass(time.Second)
		}
		want = append(want, b.ticket(object{"subject": fmt.Sprint("exportado ", n)}))
	}
	b.pass(time.Minute)
	var got []int64
	pages := 0
	next := "/api/v2/search/export?filter[type]=ticket&query=exportado&page[size]=50"
	for next != "" && pages < 10 {
		r := b.get(next).want(200)
		got = append(got, r.ids("results")...)
		next = strings.TrimPrefix(r.text("links", "next"), baseURL)
		pages++
	}
	if !slices.Equal(got, want) || pages != 3 {
		t.Errorf("%d results on %d pages", len(got), pages)
	}
	if n := b.get("/api/v2/search/export?filter[type]=ticket&query=exportado").want(200).len("results"); n != 100 {
		t.Errorf("%d results by default", n)
	}
	if n := b.get("/api/v2/search/export?filter[type]=ticket&query=exportado&page[size]=5000").want(200).len("results"); n != 120 {
		t.Errorf("%d results at most", n)
	}
	b.get("/api/v2/search/count?query=type:ticket+exportado").want(200).is(120, "count")
	for kind, query := range map[string]string{"user": "role:agent", "organization": "segmento:atacado", "group": "suporte"} {
		r := b.get("/api/v2/search/export?filter[type]=" + kind + "&query=" + query).want(200)
		if r.len("results") < 2 || r.text("results", 0, "result_type") != kind {
			t.Errorf("%s: %s", kind, r.raw)
		}
	}
}

// TestSearchesByTime is about dates and times, with and without operators.
func TestSearchesByTime(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ticket(object{"subject": "datado", "status": "solved"}) // 2026-11-22T12:00:00Z
	b.pass(24 * time.Hour)
	b.put(id, object{"tags": []string{"x"}}).want(200)
	b.pass(time.Minute)
	for query, found := range map[string]bool{
		"created:2026-11-22":                              true,
		"created:2026-11-23":                              false,
		"created>2026-11-21":                              true,
		"created>2026-11-22":                              true,
		"created>2026-11-22T12:00:00Z":                    false,
		"created>=2026-11-22T12:00:00Z":                   true,
		"created<2026-11-22":                              false,
		"created<=2026-11-22T12:00:00Z":                   true,
		"created<2026-11-22T12:00:01Z":                    true,
		"created>=2026-11-22T09:00:00-03:00":              true,
		"created>2026-11-22T09:00:00-03:00":               false,
		"updated:2026-11-23":                              true,
		"updated_at>2026-11-23T11:59:59Z":                 true,
		"updated<2026-11-23":                              false,
		"solved:2026-11-22":                               true,
		"solved<2026-11-22":                               false,
		"created>2026-11-21 created<2026-11-23":           true,
		"created>2026-11-22T13:00:00Z created<2026-11-23": false,
		"created>ontem":                                   false,
		"created<ontem":                                   false,
		"status<solved":                                   false,
		"status<=solved":                                  true,
		"status>hold":                                     true,
		"status>=closed":                                  false,
	} {
		if got := len(b.found("type:ticket subject:datado "+query)) == 1; got != found {
			t.Errorf("%s: found %v, want %v", query, got, found)
		}
	}
	other := b.ticket(object{"subject": "nunca resolvido"})
	b.pass(time.Minute)
	if got := b.found("type:ticket subject:nunca solved>2000-01-01"); len(got) != 0 {
		t.Errorf("ticket %d was found as solved", other)
	}
}
