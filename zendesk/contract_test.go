package zendesk_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// contractBase is the server the contract is read for.
const contractBase = "https://contract.zendesk.test"

// contract is read once: it is large. It is nil where the file is not there.
var contract = sync.OnceValues(func() (routers.Router, error) {
	file := contractFile()
	if file == "" {
		return nil, nil
	}
	doc, err := openapi3.NewLoader().LoadFromFile(file)
	if err != nil {
		return nil, err
	}
	doc.Servers = openapi3.Servers{{URL: contractBase}}
	return gorillamux.NewRouter(doc)
})

// contractFile walks up to a folder that has a sibling "shared".
func contractFile() string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	for {
		file := filepath.Join(dir, "shared", "contracts", "zendesk-support-api.yaml")
		if _, err := os.Stat(file); err == nil {
			return file
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

// checkContract holds requests against the vendor's description: path, path parameters, method, required parameters and the
// status of good answers. It describes neither bodies of tickets and users nor all query parameters.
func checkContract(t *testing.T, seen []recorded) {
	t.Helper()
	router, err := contract()
	if err != nil {
		t.Errorf("read contract: %v", err)
		return
	}
	if router == nil {
		t.Log("no contract here: requests are not checked against it")
		return
	}
	for _, r := range seen {
		if !strings.HasPrefix(r.Path, "/api/v2/") {
			continue // OAuth is not described
		}
		if err := conforms(t, router, r); err != nil {
			t.Errorf("%s %s: %v", r.Method, r.Path, err)
		}
	}
}

// undescribed are the lists below another record that the description leaves out and the vendor's pages name:
// https://developer.zendesk.com/api-reference/ticketing/organizations/organizations/#list-organizations,
// https://developer.zendesk.com/api-reference/ticketing/users/users/#list-users,
// https://developer.zendesk.com/api-reference/ticketing/groups/groups/#list-groups and
// https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#list-tickets; and apps:
// https://developer.zendesk.com/api-reference/ticketing/apps/apps/.
func undescribed() *regexp.Regexp {
	return regexp.MustCompile(`^/api/v2/(users/\d+/(organizations|groups)|(organizations|groups)/\d+/users|organizations/\d+/tickets|users/\d+/tickets/requested|apps/installations|apps/\d+/public_key\.pem)$`)
}

// conforms checks one request.
func conforms(t *testing.T, router routers.Router, r recorded) error {
	t.Helper()
	req, err := http.NewRequestWithContext(
		t.Context(), r.Method, contractBase+r.Path+"?"+r.Query.Encode(), strings.NewReader(r.Body),
	)
	if err != nil {
		return err
	}
	req.Header = r.Header
	if r.Method == http.MethodGet && undescribed().MatchString(r.Path) {
		return nil
	}
	route, params, err := router.FindRoute(req)
	if err != nil {
		return err
	}
	if good := r.Status >= 200 && r.Status < 300; good && route.Operation.Responses.Status(r.Status) == nil {
		t.Errorf("%s %s: the contract knows no answer %d", r.Method, r.Path, r.Status)
	}
	return openapi3filter.ValidateRequest(t.Context(), &openapi3filter.RequestValidationInput{
		Request: req, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	})
}

// TestContractRefuses makes sure that the check can fail.
func TestContractRefuses(t *testing.T) {
	t.Parallel()
	router, err := contract()
	if err != nil {
		t.Fatalf("read contract: %v", err)
	}
	if router == nil {
		t.Log("no contract here")
		return
	}
	for _, r := range []recorded{
		{Method: http.MethodGet, Path: "/api/v2/nonsense"},
		{Method: http.MethodGet, Path: "/api/v2/tickets/abc"},
		{Method: http.MethodPatch, Path: "/api/v2/tickets/1"},
		{Method: http.MethodGet, Path: "/api/v2/tickets/1.json"},
		{Method: http.MethodGet, Path: "/api/v2/organizations/x/users"},
		{Method: http.MethodPost, Path: "/api/v2/organizations/1/users"},
	} {
		r.Status = http.StatusNotFound
		if err := conforms(t, router, r); err == nil {
			t.Errorf("%s %s passed", r.Method, r.Path)
		}
	}
}
