# The Debian package: programs, plugins, the service, the page for man(1) and completions. What the programs are linked with is
# read from them; the rest is what they load or run.
set(package ${CMAKE_SOURCE_DIR}/cmake/package)
set(printed ${CMAKE_BINARY_DIR}/package)
file(MAKE_DIRECTORY ${printed})
add_custom_command(OUTPUT ${printed}/poolshift.1.gz ${printed}/poolshift.bash ${printed}/poolshift.fish
  COMMAND $<TARGET_FILE:poolshift> help --man > ${printed}/poolshift.1
  COMMAND gzip -9nf ${printed}/poolshift.1
  COMMAND $<TARGET_FILE:poolshift> completion bash > ${printed}/poolshift.bash
  COMMAND $<TARGET_FILE:poolshift> completion fish > ${printed}/poolshift.fish
  DEPENDS poolshift VERBATIM)
add_custom_target(package-texts ALL DEPENDS ${printed}/poolshift.1.gz)
install(FILES ${printed}/poolshift.1.gz DESTINATION share/man/man1)
install(FILES ${printed}/poolshift.bash DESTINATION share/bash-completion/completions RENAME poolshift)
install(FILES ${printed}/poolshift.fish DESTINATION share/fish/vendor_completions.d)
install(FILES ${package}/poolshift.service DESTINATION lib/systemd/system)
install(FILES ${package}/poolshift.default DESTINATION /etc/default RENAME poolshift)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${package}/postinst ${package}/prerm ${package}/postrm ${package}/conffiles)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, ca-certificates, libcurl4, tzdata")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "git, gnupg, openssh-client")
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME poolshift)
set(CPACK_PACKAGE_CONTACT "The Poolshift project")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "moves SIP and XMPP federation between Edge pools, by plan")
set(CPACK_PACKAGE_DESCRIPTION "Declares which Edge pool hosts federation, observes the world through provider plugins, shows the smallest safe plan with the reason for each step, carries it out and proves from outside that it worked.")
set(CPACK_PACKAGE_INSTALL_DIRECTORY poolshift)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${CMAKE_LIBRARY_OUTPUT_DIRECTORY}")
include(CPack)
