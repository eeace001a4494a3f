# Other names for the npm scripts; `make test ARGS=packages/cli` passes arguments on.
ARGS ?=

.PHONY: start test check bench docs images cluster-test manifests deploy verify monitor undeploy

start:
	npm start -- $(ARGS)

test:
	npm test -- $(ARGS)

check:
	npm run check

bench:
	npm run bench -- $(or $(ARGS),pipeline)

docs:
	npm run pokewatch -- docs --write

# The container images, with docker, podman or buildah (docker/README.md): `make images ARGS="--tag test api"`.
images:
	docker/build $(ARGS)

# PokeWatch on a real cluster (docs/cluster-suite.md).
cluster-test:
	npm run cluster-test -- $(ARGS)

# k8s/, which Helm makes from the chart.
manifests:
	npm run pokewatch -- manifests --write

# PokeWatch on K3s, Minikube or kind (docs/kubernetes.md); ARGS goes to Helm: `make deploy ARGS="--set gateway.replicas=1"`.
deploy:
	helm/kube deploy $(ARGS)

verify:
	helm/kube verify $(ARGS)

monitor:
	helm/kube monitor $(ARGS)

undeploy:
	helm/kube undeploy $(ARGS)
