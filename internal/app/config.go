package app

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"reflect"
	"strings"

	"github.com/kelseyhightower/envconfig"

	"github.com/ponte-desk/ponte/whatsapp"
	"github.com/ponte-desk/ponte/zendesk"
)

// Config is the environment's part of the configuration: variables PONTE_<name>, each also as PONTE_<name>_FILE with the
// path of a file that holds the value.
type Config struct {
	HTTPAddr             string          `envconfig:"PONTE_HTTP_ADDR" default:"127.0.0.1:8080"`
	PublicURL            string          `envconfig:"PONTE_PUBLIC_URL"`
	DataDir              string          `envconfig:"PONTE_DATA_DIR" default:"./.ponte"`
	RedisURL             string          `envconfig:"PONTE_REDIS_URL"`
	RedisPrefix          string          `envconfig:"PONTE_REDIS_PREFIX" default:"ponte:"`
	LogLevel             slog.Level      `envconfig:"PONTE_LOG_LEVEL" default:"info"`
	Sessions             int             `envconfig:"PONTE_SESSIONS" default:"256"`
	WhatsAppAPIURL       string          `envconfig:"PONTE_WHATSAPP_API_URL" default:"https://graph.facebook.com"`
	WhatsAppAPIVersion   string          `envconfig:"PONTE_WHATSAPP_API_VERSION" default:"v26.0"`
	WhatsAppAppSecret    whatsapp.Secret `envconfig:"PONTE_WHATSAPP_APP_SECRET"`
	WhatsAppVerifyToken  whatsapp.Secret `envconfig:"PONTE_WHATSAPP_VERIFY_TOKEN"`
	WhatsAppAccessToken  whatsapp.Secret `envconfig:"PONTE_WHATSAPP_ACCESS_TOKEN"`
	WhatsAppAccounts     string          `envconfig:"PONTE_WHATSAPP_BUSINESS_ACCOUNT_ID"`
	Dialog360URL         string          `envconfig:"PONTE_DIALOG360_URL" default:"https://waba-v2.360dialog.io"`
	Dialog360APIKeys     whatsapp.Secret `envconfig:"PONTE_DIALOG360_API_KEYS"`
	Dialog360Secret      whatsapp.Secret `envconfig:"PONTE_DIALOG360_WEBHOOK_SECRET"`
	APISecret            whatsapp.Secret `envconfig:"PONTE_API_SECRET"`
	ZendeskURL           string          `envconfig:"PONTE_ZENDESK_URL"`
	ZendeskClientID      string          `envconfig:"PONTE_ZENDESK_CLIENT_ID"`
	ZendeskClientSecret  zendesk.Secret  `envconfig:"PONTE_ZENDESK_CLIENT_SECRET"`
	ZendeskWebhookSecret zendesk.Secret  `envconfig:"PONTE_ZENDESK_WEBHOOK_SECRET"`
	ZendeskAppID         int64           `envconfig:"PONTE_ZENDESK_APP_ID"`
}

// prefix of every variable. The tags above spell it out: left to add it, envconfig would read variables without it as well.
const prefix = "PONTE_"

// ReadConfig reads the environment; an empty variable counts as none. Its error holds one line a mistake: variable, what is
// wrong, how to mend it.
func ReadConfig() (Config, error) {
	var c Config
	forget, err := readFiles(reflect.TypeFor[Config]())
	defer forget()
	if err != nil {
		return c, err
	}
	if err := envconfig.Process("", &c); err != nil {
		if pe, ok := errors.AsType[*envconfig.ParseError](err); ok {
			return c, mistake(strings.TrimPrefix(pe.KeyName, prefix), "can't be read as "+pe.TypeName, "see the README's table for its form")
		}
		return c, fmt.Errorf("read environment: %w", err)
	}
	return c, nil
}

// readFiles puts the content of every …_FILE into the variable it stands for, until forget takes it out again: programs that
// are started later inherit the environment. Empty variables are taken out for good.
func readFiles(t reflect.Type) (forget func(), err error) {
	var wrong []error
	var filled []string
	for field := range t.Fields() {
		variable := field.Tag.Get("envconfig")
		name, value, path := strings.TrimPrefix(variable, prefix), os.Getenv(variable), os.Getenv(variable+"_FILE")
		switch {
		case value != "" && path != "":
			wrong = append(wrong, mistake(name, "is set and so is its _FILE", "keep one of them"))
			continue
		case value != "":
			continue
		case path != "":
			raw, err := os.ReadFile(path) // #nosec G304 G703 -- the operator names the file
			if err != nil {
				wrong = append(wrong, mistake(name+"_FILE", "can't be read", "name a file that this user may read"))
			}
			value = strings.TrimSpace(string(raw))
		}
		switch {
		case value == "":
			os.Unsetenv(variable)
		case os.Setenv(variable, value) == nil:
			filled = append(filled, variable)
		default:
			wrong = append(wrong, mistake(name+"_FILE", "holds more than text", "write nothing but the value into the file"))
		}
	}
	return func() {
		for _, variable := range filled {
			os.Unsetenv(variable)
		}
	}, errors.Join(wrong...)
}

// mistake is one line about one variable.
func mistake(name, wrong, mend string) error {
	return fmt.Errorf("%s%s %s: %s", prefix, name, wrong, mend) //nolint:err113 // a line for people, never compared
}

// Validate checks what `serve` needs. Its error holds one line a mistake.
func (c Config) Validate() error {
	var wrong []error
	need := func(name, value, mend string) {
		if len(list(value)) == 0 {
			wrong = append(wrong, mistake(name, "is missing", mend))
		}
	}
	need("REDIS_URL", c.RedisURL, "set it to the address of Redis 7 or newer, e.g. redis://127.0.0.1:6379/0")
	need("WHATSAPP_APP_SECRET", string(c.WhatsAppAppSecret), "copy the app secret from the app's dashboard (two, comma-separated, while rotating)")
	need("WHATSAPP_VERIFY_TOKEN", string(c.WhatsAppVerifyToken), "choose a word and enter the same in the app's webhook form")
	need("WHATSAPP_ACCESS_TOKEN", string(c.WhatsAppAccessToken), "create a system user's token with whatsapp_business_messaging")
	need("ZENDESK_URL", c.ZendeskURL, "set it to https://<subdomain>.zendesk.com")
	need("ZENDESK_CLIENT_ID", c.ZendeskClientID, "create a confidential OAuth client in Zendesk's admin centre")
	need("ZENDESK_CLIENT_SECRET", string(c.ZendeskClientSecret), "copy the OAuth client's secret")
	need("ZENDESK_WEBHOOK_SECRET", string(c.ZendeskWebhookSecret), "copy the signing secret of the webhook in Zendesk")
	wrong = append(wrong, c.addresses()...)
	if c.ZendeskAppID < 0 {
		wrong = append(wrong, mistake("ZENDESK_APP_ID", "is negative", "set it to the number of the app, which Zendesk shows after its upload"))
	}
	if c.Sessions < 0 {
		wrong = append(wrong, mistake("SESSIONS", "is negative", "set it to the number of mailboxes drained at once, 0 for none"))
	}
	return errors.Join(wrong...)
}

// addresses checks the forms of addresses that are set.
func (c Config) addresses() []error {
	var wrong []error
	if _, _, err := net.SplitHostPort(c.HTTPAddr); err != nil {
		wrong = append(wrong, mistake("HTTP_ADDR", "is no host:port", "e.g. 127.0.0.1:8080"))
	}
	for _, address := range [][2]string{{"PUBLIC_URL", c.PublicURL}, {"WHATSAPP_API_URL", c.WhatsAppAPIURL}, {"DIALOG360_URL", c.Dialog360URL}, {"ZENDESK_URL", c.ZendeskURL}} {
		name, value := address[0], address[1]
		if value == "" {
			continue
		}
		u, err := url.Parse(value)
		if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
			wrong = append(wrong, mistake(name, "is no http(s) address", "write it as https://host"))
			continue
		}
		if name == "ZENDESK_URL" && strings.Contains(u.Path, "/api/v2") {
			wrong = append(wrong, mistake(name, "ends in /api/v2", "leave that part out"))
		}
	}
	return wrong
}

// list splits a comma-separated pair of secrets.
func list(secret string) []string {
	var out []string
	for s := range strings.SplitSeq(secret, ",") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}
