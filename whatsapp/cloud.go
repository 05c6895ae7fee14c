package whatsapp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// CloudConfig says how to reach the Cloud API.
type CloudConfig struct {
	// BaseURL is such as https://graph.facebook.com and may carry a path.
	BaseURL string
	// Version is the Graph API version, such as "v26.0".
	Version string
	// Token is a system user's access token.
	Token Secret
	// HTTP is used for every request, without following redirects; nil stands for a client with a timeout of 20 seconds.
	HTTP *http.Client
}

// Cloud is the Provider for Meta's Cloud API. It is safe for concurrent use.
type Cloud struct {
	base    string
	version string
	token   func() string // a function, because package fmt shows unexported fields
	http    *http.Client
}

var _ Provider = (*Cloud)(nil)

const (
	defaultTimeout = 20 * time.Second
	maxAnswer      = 1 << 20
	userAgent      = "ponte/1.0.0" // Meta's description asks for a name and a version
)

// NewCloud returns a client. A wrong configuration shows when it is used.
func NewCloud(cfg CloudConfig) *Cloud {
	client := http.Client{Timeout: defaultTimeout}
	if cfg.HTTP != nil {
		client = *cfg.HTTP
	}
	// A redirect would repeat the send, and carry the token to where it does not belong.
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	token := string(cfg.Token)
	return &Cloud{base: cfg.BaseURL, version: cfg.Version, token: func() string { return token }, http: &client}
}

// textRequest is the body of a text message.
type textRequest struct {
	Product       string        `json:"messaging_product"`
	RecipientType string        `json:"recipient_type"`
	To            string        `json:"to,omitempty"`
	Recipient     string        `json:"recipient,omitempty"`
	Type          string        `json:"type"`
	Text          textBody      `json:"text"`
	Context       *quoteContext `json:"context,omitempty"`
	CallbackData  string        `json:"biz_opaque_callback_data,omitempty"`
}

type textBody struct {
	Body       string `json:"body"`
	PreviewURL bool   `json:"preview_url,omitempty"`
}

type quoteContext struct {
	MessageID string `json:"message_id"`
}

func newTextRequest(m TextMessage) textRequest {
	r := textRequest{
		Product:       "whatsapp",
		RecipientType: "individual",
		Type:          TypeText,
		Text:          textBody{Body: m.Body, PreviewURL: m.PreviewURL},
		CallbackData:  m.CallbackData,
	}
	if IsUserID(m.To) {
		r.Recipient = m.To
	} else {
		// Without the plus sign the API may put the business number's country code in front.
		r.To = "+" + digits(m.To)
	}
	if m.ReplyTo != "" {
		r.Context = &quoteContext{MessageID: m.ReplyTo}
	}
	return r
}

// SendText sends a text once. See Provider for its errors.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/text-messages
func (c *Cloud) SendText(ctx context.Context, m TextMessage) (Sent, error) {
	if err := m.validate(); err != nil {
		return Sent{}, err
	}
	body, err := json.Marshal(newTextRequest(m))
	if err != nil {
		return Sent{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return c.send(ctx, m.NumberID, body)
}

func (c *Cloud) send(ctx context.Context, numberID string, body []byte) (Sent, error) {
	var trace connectionTrace
	if err := ctx.Err(); err != nil {
		return Sent{}, notSent(ClassTransient, err)
	}
	if !isToken(c.token()) {
		return Sent{}, notSent(ClassAuth, errors.New("access token is empty or malformed"))
	}
	req, err := c.request(trace.watch(ctx), numberID, body)
	if err != nil {
		return Sent{}, notSent(ClassOurBug, err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		if trace.neverConnected(err) {
			return Sent{}, notSent(ClassTransient, err)
		}
		return Sent{}, &UncertainError{cause: err}
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	return judge(resp, string(answer), err)
}

func (c *Cloud) request(ctx context.Context, numberID string, body []byte) (*http.Request, error) {
	target, err := url.JoinPath(c.base, c.version, numberID, "messages")
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if req.URL.Host == "" {
		return nil, errors.New("base URL has no host")
	}
	req.Header.Set("Authorization", "Bearer "+c.token())
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", userAgent)
	return req, nil
}

// isToken reports whether s can stand in an Authorization header.
func isToken(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}

func notSent(class Class, cause error) *APIError {
	return &APIError{Code: NoCode, Subcode: NoCode, Class: class, cause: cause}
}

// judge turns an answer into its outcome. readErr is why its body could not be read whole, if so.
func judge(resp *http.Response, body string, readErr error) (Sent, error) {
	status := resp.StatusCode
	if status >= 200 && status <= 299 {
		sent := readSent(body)
		if sent.ID == "" {
			return Sent{}, &UncertainError{HTTPStatus: status, cause: errors.Join(errNoMessageID, readErr)}
		}
		return sent, nil
	}
	e := apiError(status, resp.Header, body)
	if status >= http.StatusInternalServerError && e.Code == NoCode {
		return Sent{}, &UncertainError{HTTPStatus: status, cause: errors.Join(errNoErrorCode, readErr)}
	}
	return Sent{}, e
}

var (
	errNoMessageID = errors.New("answer without a message id")
	errNoErrorCode = errors.New("answer without an error code")
)

// readSent reads the answer to a send; ID is empty when it does not hold one.
func readSent(body string) Sent {
	var sent Sent
	root, err := readObject(body)
	if err != nil {
		return sent
	}
	var d decoder
	for key, v := range root.members() {
		switch key {
		case "contacts":
			for v := range d.array(v) {
				c := d.contact(v)
				sent.WaID, sent.UserID = c.WaID, c.UserID
			}
		case "messages":
			for v := range d.array(v) {
				for key, v := range d.object(v) {
					switch key {
					case "id":
						sent.ID = d.text(v)
					case "message_status":
						sent.MessageStatus = d.text(v)
					}
				}
			}
		}
	}
	return sent
}

// connectionTrace watches whether a request got a connection to be written to.
type connectionTrace struct{ asked, got atomic.Bool }

func (t *connectionTrace) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { t.asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { t.got.Store(true) },
	})
}

// neverConnected reports whether the request that failed with err was certainly not written. A transport that does not report its
// connections is believed only when it says that dialling failed.
func (t *connectionTrace) neverConnected(err error) bool {
	if t.got.Load() {
		return false
	}
	var op *net.OpError
	dial := errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect")
	return dial || t.asked.Load()
}
