package doctor

import (
	"net"
	"net/url"
	"strings"
)

// environment looks at the variables' forms.
func (c Config) environment(s *sheet) {
	if c.Mistakes != nil {
		for line := range strings.Lines(c.Mistakes.Error()) {
			what, mend, _ := strings.Cut(strings.TrimSpace(line), ": ")
			s.wrong("variables", what, mend)
		}
	}
	c.address(s, "public_url", "PONTE_PUBLIC_URL", c.PublicURL, "set it to the https address that Zendesk and WhatsApp reach Ponte by")
	c.address(s, "zendesk_url", "PONTE_ZENDESK_URL", c.ZendeskURL, "set it to https://<subdomain>.zendesk.com")
	if strings.Contains(c.ZendeskClientID, "@") || strings.HasSuffix(c.ZendeskClientID, "/token") {
		s.wrong("api_token", "PONTE_ZENDESK_CLIENT_ID looks like the user of an API token, which Zendesk switches off",
			"create a confidential OAuth client in Zendesk's admin centre and set its identifier and secret")
	}
	if len(s.findings) == 0 {
		s.ok("variables", "all variables that are needed are set and well-formed")
	}
}

// address looks at an address over which secrets and personal data go.
func (c Config) address(s *sheet, check, name, value, mend string) {
	u, err := url.Parse(value)
	switch {
	case value == "" && check == "zendesk_url":
		// told among the mistakes
	case value == "":
		s.wrong(check, name+" is missing", mend)
	case err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		s.wrong(check, name+" is no plain address", mend)
	case u.Scheme == "https":
	case u.Scheme == "http" && loopback(u.Hostname()):
		s.warn(check, name+" is an address of this machine, fit for tries only", mend)
	default:
		s.wrong(check, name+" is not https: what goes over it can be read on its way", mend)
	}
}

// loopback reports whether a host is this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
