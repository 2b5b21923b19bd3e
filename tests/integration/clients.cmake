# Each of these starts daemons of its own on free ports, so they may run beside
# each other. Debian's python3, because python3-grpcio belongs to it.
foreach(test cli_backtest cli_backup cli_commands cli_explain cli_ingest cli_subscriptions cli_watch rule_tests
    python_client node_client)
  add_test(NAME integration:${test}
    COMMAND /usr/bin/python3 -W ignore::ResourceWarning ${CMAKE_CURRENT_SOURCE_DIR}/${test}_test.py)
  set_tests_properties(integration:${test} PROPERTIES
    LABELS integration
    TIMEOUT 600
    ENVIRONMENT "TOCSIN_BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY};PYTHONDONTWRITEBYTECODE=1")
endforeach()
