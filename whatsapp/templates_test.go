package whatsapp_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/whatsapp"
)

const promo = `{"name":"promo","language":"pt_BR","status":"approved","category":"marketing","id":"9","new":{"a":[1]},"components":[` +
	`{"type":"header","format":"text","text":"Oferta"},{"type":"BODY","text":"Oi {{1}}","example":{"body_text":[["Ana"]]}},` +
	`{"type":"FOOTER","text":"ACME"},{"type":"CAROUSEL","cards":[]},{"type":"BUTTONS","buttons":[{"type":"quick_reply","text":"Sair"},` +
	`{"type":"URL","text":"Ver","url":"https://example.com/{{1}}"},{"type":"PHONE_NUMBER","text":"Ligar","phone_number":"+551140028922"}]}]}`

func wantPromo() whatsapp.Template {
	return whatsapp.Template{
		ID: "9", Name: "promo", Language: "pt_BR", Status: whatsapp.TemplateApproved, Category: "MARKETING",
		Header: whatsapp.TemplateHeader{Format: "TEXT", Text: "Oferta"}, Body: "Oi {{1}}", Footer: "ACME",
		Buttons: []whatsapp.ButtonDefinition{
			{Type: "QUICK_REPLY", Text: "Sair"},
			{Type: "URL", Text: "Ver", URL: "https://example.com/{{1}}"},
			{Type: "PHONE_NUMBER", Text: "Ligar", Phone: "+551140028922"},
		},
	}
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer string
		want   []whatsapp.Template
	}{
		"one":               {`{"data":[` + promo + `]}`, []whatsapp.Template{wantPromo()}},
		"none":              {`{"data":[]}`, nil},
		"last page":         {`{"data":[` + promo + `],"paging":{"cursors":{"before":"a","after":"b"}}}`, []whatsapp.Template{wantPromo()}},
		"odd ones left out": {`{"data":[7,{"name":{}},{"components":[]},` + promo + `,{"name":"x","components":{"a":1}}]}`, []whatsapp.Template{wantPromo()}},
		"bare":              {`{"data":[{"name":"x","components":null}]}`, []whatsapp.Template{{Name: "x"}}},
	} {
		p := newPeer(t, http.StatusOK, test.answer)
		got, err := p.cloud().Templates(t.Context(), "3011")
		if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v: %s", name, err, diff)
		}
		if a := <-p.asked; a.method != http.MethodGet || a.path != "/graph/v26.0/3011/message_templates" || a.query != "limit=100" || a.body != nil {
			t.Errorf("%s: got %+v", name, a)
		}
	}
	for _, waba := range []string{"", "..", "3011/x", "3011?x"} {
		if _, err := newPeer(t, http.StatusOK, `{"data":[]}`).cloud().Templates(t.Context(), waba); !errors.Is(err, whatsapp.ErrInvalid) {
			t.Errorf("%q: got %v", waba, err)
		}
	}
}

func TestTemplatesExample(t *testing.T) {
	t.Parallel()
	file := shared(t, "corpus", "whatsapp", "facebook-openapi-requests", "message_templates_get_resp_200_example_response.json")
	if file == "" {
		return
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got, err := newPeer(t, http.StatusOK, string(text)).cloud().Templates(t.Context(), "3011")
	if err != nil || len(got) != 2 {
		t.Fatalf("got %+v, %v", got, err)
	}
	if got[0].Header.Text != "Hello World" || got[0].Footer != "WhatsApp Business API Team" || got[0].Variables() != 0 {
		t.Errorf("got %+v", got[0])
	}
	if got[1].Variables() != 2 || len(got[1].Buttons) != 1 || got[1].Buttons[0].Text != "Stop promotions" {
		t.Errorf("got %+v", got[1])
	}
}

// paged answers with pages of templates: graph's by cursor, 360dialog's by offset.
func paged(t *testing.T, pages, size int, totals, lastKnown bool) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page := 0
		if after := r.URL.Query().Get("after"); after != "" {
			page, _ = strconv.Atoi(strings.TrimPrefix(after, "cursor/"))
		}
		if offset := r.URL.Query().Get("offset"); offset != "" {
			at, _ := strconv.Atoi(offset)
			page = at / size
		}
		var list []string
		for i := 0; i < size && page < pages; i++ {
			list = append(list, fmt.Sprintf(`{"name":"t%d"}`, page*size+i))
		}
		next := ""
		if !lastKnown || page+1 < pages {
			next = `,"next":"https://example.com/elsewhere"`
		}
		total := ""
		if totals {
			total = fmt.Sprintf(`,"total":%d`, pages*size)
		}
		key := map[bool]string{true: "waba_templates", false: "data"}[r.URL.Query().Has("offset")]
		fmt.Fprintf(w, `{%q:[%s],"paging":{"cursors":{"after":"cursor/%d"}%s}%s}`, key, strings.Join(list, ","), page+1, next, total)
	}))
	t.Cleanup(server.Close)
	return server
}

func TestTemplatesOfManyPages(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		server    *httptest.Server
		dialog360 bool
		want      int
	}{
		"cursors":               {paged(t, 3, 7, false, true), false, 21},
		"offsets with total":    {paged(t, 3, 7, true, true), true, 21},
		"offsets without total": {paged(t, 3, 100, false, true), true, 300},
		"a short page":          {paged(t, 1, 7, false, true), true, 7},
		"an empty page":         {paged(t, 0, 7, false, true), true, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var provider whatsapp.Provider = whatsapp.NewCloud(whatsapp.CloudConfig{BaseURL: test.server.URL, Version: "v26.0", Token: token})
			if test.dialog360 {
				provider = whatsapp.NewDialog360(whatsapp.Dialog360Config{BaseURL: test.server.URL, Key: token})
			}
			got, err := provider.Templates(t.Context(), "3011")
			if err != nil || len(got) != test.want {
				t.Fatalf("got %d, %v, want %d", len(got), err, test.want)
			}
			for i, template := range got {
				if template.Name != fmt.Sprintf("t%d", i) {
					t.Fatalf("%d is %s", i, template.Name)
				}
			}
		})
	}
}

func TestTemplatesWithoutEnd(t *testing.T) {
	t.Parallel()
	server := paged(t, 1, 1, false, false)
	c := whatsapp.NewCloud(whatsapp.CloudConfig{BaseURL: server.URL, Version: "v26.0", Token: token})
	got, err := c.Templates(t.Context(), "3011")
	if outcome(err) != "uncertain" || got != nil || !strings.Contains(err.Error(), "does not end") {
		t.Errorf("got %d, %v", len(got), err)
	}
}

// A page without templates is the last, whatever total was promised; and so is the one that reaches the total.
func TestTemplatesAskNoMoreThanNeeded(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]int{
		`{"waba_templates":[],"total":10}`:             0,
		`{"total":1,"waba_templates":[` + promo + `]}`: 1,
		`{"waba_templates":[` + promo + `]}`:           1,
	} {
		p := newPeer(t, http.StatusOK, answer)
		if got, err := p.dialog360().Templates(t.Context(), "3011"); err != nil || len(got) != want || len(p.asked) != 1 {
			t.Errorf("%.40s: got %d, %v after %d requests", answer, len(got), err, len(p.asked))
		}
	}
}

// A page that fails leaves no half list.
func TestTemplatesFailInTheMiddle(t *testing.T) {
	t.Parallel()
	requests := 0
	c := cloud(t, func(w http.ResponseWriter, _ *http.Request) {
		if requests++; requests == 2 {
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		io.WriteString(w, `{"data":[`+promo+`],"paging":{"cursors":{"after":"b"},"next":"x"}}`)
	})
	if got, err := c.Templates(t.Context(), "3011"); outcome(err) != "throttled_number" || got != nil {
		t.Errorf("got %d, %v", len(got), err)
	}
}
