package whatsapp

import "net/http"

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
type Cloud struct{ api }

var _ Provider = (*Cloud)(nil)

// NewCloud returns a client. A wrong configuration shows when it is used.
func NewCloud(cfg CloudConfig) *Cloud {
	return &Cloud{api{
		base: cfg.BaseURL, version: cfg.Version, inPath: true,
		header: "Authorization", prefix: "Bearer ", credential: keep(cfg.Token),
		list: templateList{path: graphTemplates, next: graphNext},
		http: newClient(cfg.HTTP),
	}}
}
