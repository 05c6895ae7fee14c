package deploytest_test

import (
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const manifests = "deploy/kubernetes"

// object finds a manifest by file and kind.
func object(t *testing.T, file, kind string) document {
	t.Helper()
	for _, d := range documents(t, path.Join(manifests, file)) {
		if word(d, "kind") == kind {
			return d
		}
	}
	t.Fatalf("%s holds no %s", file, kind)
	return nil
}

// Every manifest says what it is, and every one that is no example is part of its folder's kustomization, and the other way round.
func TestManifestsAreComplete(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{".", "redis", "monitoring"} {
		listed := words(object(t, path.Join(folder, "kustomization.yaml"), "Kustomization"), "resources")
		var there []string
		for _, name := range files(t, path.Join(manifests, folder)) {
			if path.Dir(name) != path.Join(manifests, folder) {
				continue
			}
			for _, d := range documents(t, name) {
				if word(d, "apiVersion") == "" || word(d, "kind") == "" || word(d, "kind") != "Kustomization" && word(d, "metadata", "name") == "" {
					t.Errorf("%s does not say what it is", name)
				}
			}
			if base := path.Base(name); base != "kustomization.yaml" && !strings.Contains(base, ".example.") {
				there = append(there, base)
			}
		}
		slices.Sort(listed)
		if diff := cmp.Diff(there, listed); diff != "" {
			t.Errorf("%s: resources (-there +listed):\n%s", folder, diff)
		}
	}
}

// unrestricted lists what a pod's template lacks to pass the restricted pod security standard, and to write nowhere.
func unrestricted(template any) []string {
	var wrong []string
	want := func(ok bool, what string) {
		if !ok {
			wrong = append(wrong, what)
		}
	}
	spec := at(template, "spec")
	pod := at(spec, "securityContext")
	want(word(pod, "runAsNonRoot") == "true" && number(pod, "runAsUser") > 0 && number(pod, "runAsGroup") > 0, "may be root")
	want(word(pod, "seccompProfile", "type") == "RuntimeDefault", "may make any system call")
	want(word(spec, "automountServiceAccountToken") == "false", "holds a token of the cluster")
	want(word(spec, "hostNetwork")+word(spec, "hostPID")+word(spec, "hostIPC") == "", "shares the node's namespaces")
	for _, v := range list(spec, "volumes") {
		want(at(v, "hostPath") == nil, "sees the node's files")
	}
	for _, c := range list(spec, "containers") {
		own := at(c, "securityContext")
		want(word(own, "allowPrivilegeEscalation") == "false", "may gain privileges")
		want(word(own, "readOnlyRootFilesystem") == "true", "writes into its image")
		want(cmp.Equal(words(own, "capabilities", "drop"), []string{"ALL"}) && at(own, "capabilities", "add") == nil, "keeps capabilities")
		want(word(c, "resources", "limits", "memory") != "" && word(c, "resources", "requests", "memory") != "" &&
			word(c, "resources", "requests", "cpu") != "", "says nothing of its size")
		want(at(c, "livenessProbe") != nil && at(c, "readinessProbe") != nil && at(c, "startupProbe") != nil, "is not probed")
	}
	return wrong
}

func TestPodsAreRestricted(t *testing.T) {
	t.Parallel()
	for file, kind := range map[string]string{"deployment.yaml": "Deployment", "redis/statefulset.yaml": "StatefulSet"} {
		for _, w := range unrestricted(at(object(t, file, kind), "spec", "template")) {
			t.Errorf("%s %s", file, w)
		}
	}
}

func TestCheckerFindsUnrestrictedPods(t *testing.T) {
	t.Parallel()
	got, err := parse([]byte("spec:\n  hostNetwork: true\n  securityContext: {runAsNonRoot: true, runAsUser: 0, runAsGroup: 1}\n" +
		"  volumes: [{name: a, hostPath: {path: /}}]\n  containers: [{name: a, securityContext: {capabilities: {drop: [NET_RAW]}}}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"may be root", "may make any system call", "holds a token of the cluster", "shares the node's namespaces", "sees the node's files",
		"may gain privileges", "writes into its image", "keeps capabilities", "says nothing of its size", "is not probed",
	}
	if diff := cmp.Diff(want, unrestricted(got[0])); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// What probes, dashboard and operators ask for answers 200 while Redis is there.
func TestProbesAskForWhatExists(t *testing.T) {
	t.Parallel()
	handler, _ := product(t)
	container := at(object(t, "deployment.yaml", "Deployment"), "spec", "template", "spec", "containers", 0)
	asked := map[string]string{
		"startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz",
	}
	for probe, want := range asked {
		if got := word(container, probe, "httpGet", "path"); got != want {
			t.Errorf("%s asks for %q", probe, got)
		}
		if port := word(container, probe, "httpGet", "port"); port != word(container, "ports", 0, "name") {
			t.Errorf("%s asks at %q", probe, port)
		}
	}
	paths := []string{"/healthz", "/readyz", word(object(t, "monitoring/servicemonitor.yaml", "ServiceMonitor"), "spec", "endpoints", 0, "path")}
	for _, p := range paths {
		rec := httptest.NewRecorder()
		handler.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, p, http.NoBody))
		if rec.Code != http.StatusOK {
			t.Errorf("GET %s: %d", p, rec.Code)
		}
	}
}

func TestDeploymentIsAvailable(t *testing.T) {
	t.Parallel()
	d := object(t, "deployment.yaml", "Deployment")
	pod := at(d, "spec", "template", "spec")
	if n := number(d, "spec", "replicas"); n < 2 || n > 3 {
		t.Errorf("%d replicas", n)
	}
	if got := word(d, "spec", "strategy", "rollingUpdate", "maxUnavailable"); got != "0" {
		t.Errorf("an update takes %s instances away", got)
	}
	if word(pod, "enableServiceLinks") != "false" {
		t.Error("the service's name brings PONTE_ variables of its own")
	}
	pause := number(pod, "containers", 0, "lifecycle", "preStop", "sleep", "seconds")
	grace := time.Duration(number(pod, "terminationGracePeriodSeconds")-pause) * time.Second
	if pause == 0 || grace <= stopTime(t) {
		t.Errorf("after a pause of %d s it is killed within %s, a graceful stop takes %s", pause, grace, stopTime(t))
	}
	spread := map[string]bool{}
	for _, s := range list(pod, "topologySpreadConstraints") {
		spread[word(s, "topologyKey")] = true
	}
	if !spread["kubernetes.io/hostname"] || !spread["topology.kubernetes.io/zone"] {
		t.Errorf("not spread: %v", spread)
	}
}

// What selects by labels selects what is there.
func TestSelectorsMeetTheirPods(t *testing.T) {
	t.Parallel()
	for _, w := range []struct{ workload, kind, service, policy string }{
		{"deployment.yaml", "Deployment", "service.yaml", "networkpolicy.yaml"},
		{"redis/statefulset.yaml", "StatefulSet", "redis/service.yaml", "redis/networkpolicy.yaml"},
	} {
		d := object(t, w.workload, w.kind)
		labels := at(d, "spec", "template", "metadata", "labels")
		service := object(t, w.service, "Service")
		selectors := map[string]any{
			w.workload: at(d, "spec", "selector", "matchLabels"), w.service: at(service, "spec", "selector"),
			w.policy: at(object(t, w.policy, "NetworkPolicy"), "spec", "podSelector", "matchLabels"),
		}
		if w.kind == "Deployment" {
			selectors["poddisruptionbudget.yaml"] = at(object(t, "poddisruptionbudget.yaml", "PodDisruptionBudget"), "spec", "selector", "matchLabels")
			for _, s := range list(d, "spec", "template", "spec", "topologySpreadConstraints") {
				selectors["spread "+word(s, "topologyKey")] = at(s, "labelSelector", "matchLabels")
			}
		} else if word(d, "spec", "serviceName") != word(service, "metadata", "name") {
			t.Error("the service of the StatefulSet is another one")
		}
		for who, selector := range selectors {
			if diff := cmp.Diff(labels, selector); diff != "" {
				t.Errorf("%s (-pod +selector):\n%s", who, diff)
			}
		}
		port := at(d, "spec", "template", "spec", "containers", 0, "ports", 0)
		if word(service, "spec", "ports", 0, "targetPort") != word(port, "name") {
			t.Errorf("%s leads to no port", w.service)
		}
		policy := object(t, w.policy, "NetworkPolicy")
		if word(policy, "spec", "ingress", 0, "ports", 0, "port") != word(port, "containerPort") || len(words(policy, "spec", "policyTypes")) != 2 {
			t.Errorf("%s lets nobody to the port, or anybody anywhere", w.policy)
		}
	}
}

func TestManifestsConfigure(t *testing.T) {
	t.Parallel()
	env := map[string]string{}
	config, _ := object(t, "configmap.yaml", "ConfigMap")["data"].(map[string]any)
	for name := range config {
		env[name] = word(config, name)
	}
	container := at(object(t, "deployment.yaml", "Deployment"), "spec", "template", "spec", "containers", 0)
	secret := object(t, "secret.example.yaml", "Secret")
	mount := word(container, "volumeMounts", 0, "mountPath")
	for _, e := range list(container, "env") {
		name, value := word(e, "name"), word(e, "value")
		env[name] = value
		if !strings.HasSuffix(name, "_FILE") {
			continue
		}
		if path.Dir(value) != mount || at(secret, "stringData", path.Base(value)) == nil {
			t.Errorf("%s is %s, which is no key of the secret", name, value)
		}
	}
	if diff := cmp.Diff([]string(nil), append(unset(t, env), bareSecrets(env)...)); diff != "" {
		t.Errorf("not given, or given openly:\n%s", diff)
	}
	port := word(container, "ports", 0, "containerPort")
	if env["PONTE_HTTP_ADDR"] != ":"+port {
		t.Errorf("listens at %s, asked at %s", env["PONTE_HTTP_ADDR"], port)
	}
	if args := words(container, "args"); len(args) != 1 || !slices.Contains(commands(t), args[0]) {
		t.Errorf("starts %v", args)
	}
}

// Examples of secrets hold nothing that could be one.
func TestExamplesHoldNoSecrets(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"secret.example.yaml", "redis/secret.example.yaml"} {
		values, _ := object(t, name, "Secret")["stringData"].(map[string]any)
		if len(values) == 0 {
			t.Errorf("%s is empty", name)
		}
		for key := range values {
			if !strings.Contains(word(values, key), "REPLACE-ME") {
				t.Errorf("%s: %s could be real", name, key)
			}
		}
	}
}
