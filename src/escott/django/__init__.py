"""escott for any Django site: add ``"escott.django"`` to ``INSTALLED_APPS`` and migrate."""
