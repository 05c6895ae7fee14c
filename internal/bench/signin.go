package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
)

// maxPage is the longest HTML page that is read.
const maxPage = 1 << 20

// sessionIn is where a page's HTML has its session.
var sessionIn = regexp.MustCompile(`<meta name="ponte-session" content="([^"]+)">`)

var errNoSession = errors.New("bench: the app's page brings no session")

// hire makes agents of the group that gets conversations, and returns their ids.
func (d *desk) hire(ctx context.Context, n int) ([]int64, error) {
	var groups struct {
		Groups []struct {
			ID   int64  `json:"id"`
			Name string `json:"name"`
		} `json:"groups"`
	}
	if err := d.client.Get(ctx, "list groups", "/groups.json", &groups); err != nil {
		return nil, err
	}
	queue := settings.Default().Desk.Queue
	var group int64
	for _, g := range groups.Groups {
		if g.Name == queue {
			group = g.ID
		}
	}
	ids := make([]int64, n)
	for i := range ids {
		var made struct {
			User struct {
				ID int64 `json:"id"`
			} `json:"user"`
		}
		err := d.client.Post(ctx, "create agent", "/users.json", map[string]any{"user": map[string]any{
			"name": fmt.Sprintf("Agente %02d", i), "email": fmt.Sprintf("agente%02d@desk.example", i), "role": "agent", "skip_verify_email": true,
		}}, &made)
		if err != nil {
			return nil, err
		}
		ids[i] = made.User.ID
		err = d.client.Post(ctx, "create membership", "/group_memberships.json", map[string]any{
			"group_membership": map[string]int64{"user_id": ids[i], "group_id": group},
		}, nil)
		if err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// signIn opens the app's page as Zendesk does when an agent looks at it, and returns the session that the page brings.
func signIn(ctx context.Context, client *http.Client, peers, addr string, agent int64) (token string, err error) {
	var signed struct {
		URL   string `json:"url"`
		Token string `json:"token"`
	}
	header := http.Header{"X-Desk-Agent": {strconv.FormatInt(agent, 10)}, "Content-Type": {"application/json"}}
	raw, err := post(ctx, client, peers+"/sandbox/helpdesk/api/app/token", header, []byte(`{"location":"nav_bar"}`))
	if err != nil {
		return "", err
	}
	if err := json.Unmarshal(raw, &signed); err != nil {
		return "", fmt.Errorf("the app's token: %w", err)
	}
	place, err := url.Parse(signed.URL)
	if err != nil {
		return "", fmt.Errorf("the app's address: %w", err)
	}
	place.Host = addr
	form := url.Values{"token": {signed.Token}}.Encode()
	page, err := post(ctx, client, place.String(), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, []byte(form))
	if err != nil {
		return "", err
	}
	found := sessionIn.FindSubmatch(page)
	if found == nil {
		return "", errNoSession
	}
	return html.UnescapeString(string(found[1])), nil
}

// post sends a body and returns the whole answer; another status than 2xx is an error.
func post(ctx context.Context, client *http.Client, to string, header http.Header, body []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, readPatience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header = header
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxPage))
	if err != nil {
		return nil, err
	}
	if resp.StatusCode/100 != http.StatusOK/100 {
		return nil, fmt.Errorf("bench: POST %s was answered %d: %.300s", req.URL.Path, resp.StatusCode, answer) //nolint:err113 // a line for people
	}
	return answer, nil
}

// customer writes to the company.
type customer struct {
	ID      string `json:"id"` // at the simulated WhatsApp
	Name    string `json:"name"`
	Phone   string `json:"phone"`
	UserID  string `json:"bsuid"`
	session string
	owner   *page
}

// customers makes people with phones.
func (p *peers) customers(ctx context.Context, client *http.Client, n int) ([]*customer, error) {
	list := make([]*customer, n)
	for i := range list {
		body := fmt.Sprintf(`{"name":"Cliente %04d","phone":"+551196120%04d"}`, i, i)
		raw, err := post(ctx, client, p.base+"/sandbox/phone/api/customers", http.Header{"Content-Type": {"application/json"}}, []byte(body))
		if err != nil {
			return nil, err
		}
		list[i] = &customer{}
		if err := json.Unmarshal(raw, list[i]); err != nil {
			return nil, fmt.Errorf("a new customer: %w", err)
		}
	}
	return list, nil
}

// hook is the webhook that tells of a text of the customer's, as WhatsApp sends it.
func (c *customer) hook(id, text string, sent time.Time) ([]byte, error) {
	type fields map[string]any
	return json.Marshal(fields{"object": "whatsapp_business_account", "entry": []fields{{
		"id": "102290129340398", "changes": []fields{{"field": "messages", "value": fields{
			"messaging_product": "whatsapp", "metadata": fields{"display_phone_number": "551140034000", "phone_number_id": botNumber},
			"contacts": []fields{{"profile": fields{"name": c.Name}, "wa_id": c.Phone, "user_id": c.UserID}},
			"messages": []fields{{
				"from": c.Phone, "from_user_id": c.UserID, "id": id, "timestamp": strconv.FormatInt(sent.Unix(), 10), "type": "text",
				"text": fields{"body": text},
			}},
		}}},
	}}})
}

// isOf tells whether a row of a list is the customer's.
func (c *customer) isOf(name string) bool { return strings.HasPrefix(name, c.Name) }
