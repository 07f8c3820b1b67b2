# A helper of the end-to-end test around its static binary. The build context holds the binary
# and an empty directory, whose owner the volume takes over.
FROM scratch
ARG NAME
COPY ${NAME} /program
COPY --chown=65532:65532 state /state
VOLUME /state
USER 65532:65532
ENTRYPOINT ["/program"]
