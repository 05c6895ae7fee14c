package transcript_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/transcript"
)

// checkTags reads HTML and tells of tags other than the given ones, of any that is not closed, and of attributes in a fragment.
func checkTags(t interface{ Fatalf(string, ...any) }, s string, tags ...string) {
	var open []string
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if !errors.Is(z.Err(), io.EOF) || len(open) > 0 {
				t.Fatalf("%v, still open: %v in\n%s", z.Err(), open, s)
			}
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			if !slices.Contains(tags, token.Data) {
				t.Fatalf("tag %s in\n%s", token.Data, s)
			}
			if len(token.Attr) > 0 && !slices.Contains(tags, "html") {
				t.Fatalf("attributes of %s in\n%s", token.Data, s)
			}
			if !slices.Contains([]string{"br", "hr", "meta"}, token.Data) {
				open = append(open, token.Data)
			}
		case html.EndTagToken:
			token := z.Token()
			if len(open) == 0 || open[len(open)-1] != token.Data {
				t.Fatalf("%s is closed, open are %v in\n%s", token.Data, open, s)
			}
			open = open[:len(open)-1]
		case html.TextToken, html.CommentToken, html.DoctypeToken:
		}
	}
}

func pageTags() []string {
	return []string{
		"html", "head", "meta", "title", "style", "body", "header", "h1", "dl", "dt", "dd", "bdi", "main", "h2", "ol", "ul", "li", "p", "b", "span",
		"time", "blockquote",
	}
}

// attributes lists the names and fixed values that the page has.
func attributes(t interface{ Fatalf(string, ...any) }, s string) map[string]bool {
	found := map[string]bool{}
	z := html.NewTokenizer(strings.NewReader(s))
	for z.Next() != html.ErrorToken {
		for _, a := range z.Token().Attr {
			if strings.HasPrefix(a.Key, "on") || strings.Contains(strings.ToLower(a.Val), "javascript") {
				t.Fatalf("attribute %s=%q", a.Key, a.Val)
			}
			found[a.Key] = true
		}
	}
	return found
}

func TestHTMLIsSafe(t *testing.T) {
	t.Parallel()
	page := transcript.HTML(whole(t))
	checkTags(t, page, pageTags()...)
	for name := range attributes(t, page) {
		if !slices.Contains([]string{"lang", "charset", "name", "content", "http-equiv", "class", "datetime", "dir"}, name) {
			t.Errorf("attribute %s", name)
		}
	}
	for _, forbidden := range []string{"<script", "<img", "<a ", "url(", "@import", "src="} {
		if strings.Contains(strings.ReplaceAll(page, "&lt;img src=x", ""), forbidden) {
			t.Errorf("the page has %q", forbidden)
		}
	}
	// No h1 but one, and every message in a list.
	if strings.Count(page, "<h1>") != 1 || strings.Count(page, "<li class=\"customer\"") < 10 || !strings.Contains(page, `<html lang="pt-BR">`) {
		t.Error("the page's structure is not what was expected")
	}
}

func TestHTMLProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := transcript.Conversation{Contact: rapid.String().Draw(t, "contact"), Entries: anything().Draw(t, "entries")}
		page := transcript.HTML(c)
		checkTags(t, page, pageTags()...)
		attributes(t, page)
		limit := rapid.IntRange(0, 4000).Draw(t, "limit")
		fragment, _ := transcript.HTMLFragment(c, limit)
		checkTags(t, fragment, "p", "b", "i", "br", "blockquote", "hr")
		if limit > 0 && len(fragment) > limit {
			t.Fatalf("%d bytes, limit %d", len(fragment), limit)
		}
	})
}
