package whatsapp

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// templatePage is how many templates are asked for at once; much larger pages would come near maxAnswer. maxTemplatePages bounds
// the reading: the platform allows an account 6,000 templates, in several languages each.
const (
	templatePage     = 100
	maxTemplatePages = 200
)

// templateList says how a peer hands out templates.
type templateList struct {
	// path returns the parts of the path.
	path func(waba string) []string
	// next returns the query for the page behind the one that was asked for with before, nil behind the last page. For the first
	// page before is nil.
	next func(before url.Values, page templatesPage) url.Values
}

// templatesPage is one page of templates.
type templatesPage struct {
	// templates are those that could be read, held is how many the page has.
	templates []Template
	held      int
	// after is the cursor of the next page, empty on the last.
	after string
	// total is how many there are on all pages, 0 where the page does not tell.
	total int
}

var (
	errNoTemplates      = errors.New("answer without a list of templates")
	errTooManyTemplates = errors.New("the list of templates does not end")
)

// Templates returns all message templates of a business account, approved or not, in the platform's order. A template that cannot
// be read is left out. See Provider for the errors; a list without an end, or an answer without a list, is an *UncertainError.
//
// Source: https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/message_templates/
func (a *api) Templates(ctx context.Context, waba string) ([]Template, error) {
	if a.inPath && !isPathSegment(waba) {
		return nil, invalid("id of a business account")
	}
	var list []Template
	query := a.list.next(nil, templatesPage{})
	for range maxTemplatePages {
		page, err := a.templatesPage(ctx, call{method: http.MethodGet, parts: a.list.path(waba), query: query})
		if err != nil {
			return nil, ofRequest(err)
		}
		list = append(list, page.templates...)
		if query = a.list.next(query, page); query == nil {
			return list, nil
		}
	}
	return nil, &UncertainError{request: true, cause: errTooManyTemplates}
}

func (a *api) templatesPage(ctx context.Context, c call) (templatesPage, error) {
	got, err := a.exchange(ctx, c)
	if err != nil {
		return templatesPage{}, err
	}
	if err := got.failure(); err != nil {
		return templatesPage{}, err
	}
	page, ok := readTemplates(got.body)
	if !ok {
		return templatesPage{}, &UncertainError{HTTPStatus: got.status, cause: errors.Join(errNoTemplates, got.cut)}
	}
	return page, nil
}

// graphTemplates is the path of the Graph API.
func graphTemplates(waba string) []string { return []string{waba, "message_templates"} }

// graphNext turns the pages of the Graph API, by cursor.
func graphNext(before url.Values, page templatesPage) url.Values {
	query := url.Values{"limit": {strconv.Itoa(templatePage)}}
	switch {
	case before == nil:
		return query
	case page.after == "":
		return nil
	}
	query.Set("after", page.after)
	return query
}

// readTemplates reads a page, false when it is none.
func readTemplates(body string) (page templatesPage, ok bool) {
	root, err := readObject(body)
	if err != nil {
		return page, false
	}
	var d decoder
	for key, v := range root.members() {
		switch key {
		case "data", "waba_templates": // Meta's word and 360dialog's
			ok = v.isArray()
			for v := range d.array(v) {
				page.held++
				var d decoder
				if t := d.template(v); !d.bad && t.Name != "" {
					page.templates = append(page.templates, t)
				}
			}
		case "paging":
			page.after = d.after(v)
		case "total":
			page.total = d.integer(v, 0)
		}
	}
	return page, ok
}

// after reads the cursor of the next page, where there is one.
func (d *decoder) after(v value) string {
	var cursor, next string
	for key, v := range d.object(v) {
		switch key {
		case "next":
			next = d.text(v)
		case "cursors":
			for key, v := range d.object(v) {
				if key == "after" {
					cursor = d.text(v)
				}
			}
		}
	}
	if next == "" { // the last page has a cursor, too
		return ""
	}
	return cursor
}

func (d *decoder) template(v value) Template {
	var t Template
	for key, v := range d.object(v) {
		switch key {
		case "id":
			t.ID = d.text(v)
		case "name":
			t.Name = d.text(v)
		case "language":
			t.Language = d.text(v)
		case "status":
			t.Status = strings.ToUpper(d.text(v))
		case "category":
			t.Category = strings.ToUpper(d.text(v))
		case "components":
			for v := range d.array(v) {
				d.component(&t, v)
			}
		}
	}
	d.expect(v, v.isObject())
	return t
}

// component reads a part of a template into t; parts that are not known, such as carousels, are left out.
func (d *decoder) component(t *Template, v value) {
	var kind, format, text string
	var buttons []ButtonDefinition
	for key, v := range d.object(v) {
		switch key {
		case "type":
			kind = strings.ToUpper(d.text(v))
		case "format":
			format = strings.ToUpper(d.text(v))
		case "text":
			text = d.text(v)
		case "buttons":
			for v := range d.array(v) {
				buttons = append(buttons, d.templateButton(v))
			}
		}
	}
	switch kind {
	case "HEADER":
		t.Header = TemplateHeader{Format: format, Text: text}
	case "BODY":
		t.Body = text
	case "FOOTER":
		t.Footer = text
	case "BUTTONS":
		t.Buttons = buttons
	}
}

func (d *decoder) templateButton(v value) ButtonDefinition {
	var b ButtonDefinition
	for key, v := range d.object(v) {
		switch key {
		case "type":
			b.Type = strings.ToUpper(d.text(v))
		case "text":
			b.Text = d.text(v)
		case "url":
			b.URL = d.text(v)
		case "phone_number":
			b.Phone = d.text(v)
		}
	}
	return b
}
