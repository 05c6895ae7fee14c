package app_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// list is the objects of a list in an answer.
func (f fields) list(name string) (all []fields) {
	items, _ := f[name].([]any)
	for _, item := range items {
		object, _ := item.(map[string]any)
		all = append(all, object)
	}
	return all
}

// TestCannedReplies: the demo has some, in folders; they are kept, filled in, changed and removed while everything runs.
func TestCannedReplies(t *testing.T) {
	t.Parallel()
	s := openShop(t, nil)
	const path = "/api/v1/canned"
	first := s.want(http.StatusOK, http.MethodGet, path, nil).list("replies")
	var folders []string
	for _, r := range first {
		if folder := fmt.Sprint(r["folder"]); !slices.Contains(folders, folder) {
			folders = append(folders, folder)
		}
	}
	if want := []string{"Encerramento", "Faturamento", "NF-e", "Saudações"}; len(first) < 12 || !slices.Equal(folders, want) {
		t.Errorf("%d replies in %q; want 12 in %q", len(first), folders, want)
	}

	session := s.customer("1", app.DemoNumber, "bom dia")
	added := s.want(http.StatusOK, http.MethodPost, path, fields{"title": "Prazo", "short": "prazo", "text": "{{contato.nome}}, ticket {{ticket.id}}: {{prazo}}."})
	s.want(http.StatusConflict, http.MethodPost, path, fields{"title": "Outro", "short": "Prazo", "text": "x"})
	id := fmt.Sprint(added["id"])
	find := func() fields {
		for _, r := range s.want(http.StatusOK, http.MethodGet, path+"?session="+session, nil).list("replies") {
			if r["id"] == id {
				return r
			}
		}
		return nil
	}
	want := fmt.Sprintf("Mariana Albuquerque, ticket %d: {{prazo}}.", s.tickets()[0].ID)
	if got := find(); got["filled"] != want || fmt.Sprint(got["missing"]) != "[{{prazo}}]" {
		t.Errorf("filled in: %v; want %q", got, want)
	}
	s.want(http.StatusOK, http.MethodPut, path+"/"+id, fields{"title": "Prazo", "text": "Até amanhã!"})
	if got := find(); got["filled"] != "Até amanhã!" || got["short"] != nil || got["missing"] != nil {
		t.Errorf("changed: %v", got)
	}
	if status, raw := s.ask(http.MethodDelete, path+"/"+id, nil); status != http.StatusNoContent || find() != nil {
		t.Errorf("removed: %d %s", status, raw)
	}
	s.want(http.StatusNotFound, http.MethodDelete, path+"/"+id, nil)
	s.want(http.StatusNotFound, http.MethodPut, path+"/"+id, fields{"title": "Prazo", "text": "x"})
}

// The demo's replies are there at the first start alone.
func TestCannedRepliesAreLeftAlone(t *testing.T) {
	t.Parallel()
	s := openShop(t, func(c *app.Config) {
		client, err := store.Open(c.RedisURL)
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		if err := store.NewCannedReplies(client, c.RedisPrefix).Add(t.Context(), store.Canned{ID: "1", Title: "Minha", Text: "x"}); err != nil {
			t.Fatal(err)
		}
	})
	if got := s.want(http.StatusOK, http.MethodGet, "/api/v1/canned", nil).list("replies"); len(got) != 1 || got[0]["title"] != "Minha" {
		t.Errorf("replies %v", got)
	}
}

// What the demo's replies hold can be filled in, and each is as a supervisor could have written it.
func TestDemoCannedReplies(t *testing.T) {
	t.Parallel()
	shorts := map[string]bool{}
	for _, r := range app.DemoCanned() {
		if r.Folder == "" || r.Title == "" || r.Short == "" || strings.ContainsAny(r.Short, " /") || len(r.Text) < 20 || shorts[r.Short] {
			t.Errorf("reply %+v", r)
		}
		shorts[r.Short] = true
	}
	r := testredis.Mini(t)
	replies := store.NewCannedReplies(r.Client, r.Prefix)
	for i, reply := range app.DemoCanned() {
		reply.ID = fmt.Sprint(i)
		if err := replies.Add(t.Context(), reply); err != nil {
			t.Error(err)
		}
	}
}
